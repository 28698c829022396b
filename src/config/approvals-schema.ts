/** What may be written about people in a cluster definition: who approves, when something may be started. */
import { z } from 'zod';
import { isTimeZone, weekdays } from '../domain/policy/maintenance';

const name = z.string().min(1).max(200);

const hours = z
  .number()
  .min(0.01)
  .max(24 * 365);

const rule = z.strictObject({
  quorum: z.int().min(1).max(20).optional().describe('How many different people have to approve; default 1'),
  approvers: z.array(name).min(1).optional().describe('Who may approve, `*` is a wildcard; default anybody'),
  requesterMayApprove: z.boolean().optional().describe('false: whoever asked for the upgrade does not approve it'),
  comment: z.enum(['optional', 'required']).optional(),
  ticket: z.enum(['optional', 'required']).optional().describe('A change ticket, in the approval or in the request'),
});

/** The rule of a gate as it is written. */
export type WrittenRule = z.output<typeof rule>;

/** Gates by the names that people use; `each-node` stands for those of single nodes. */
const gateNames = [
  'plan',
  'canary',
  'each-node',
  'protocol',
  'eligible.leader.replicas.version',
  'kraft.version',
] as const;

export const approvalsSchema = z.strictObject({
  ...rule.shape,
  gates: z
    .partialRecord(z.enum(gateNames), rule)
    .default({})
    .describe('Rules of single gates; what they leave out is as above'),
  eachNode: z.boolean().default(false).describe('Ask before each node after the canary, in both rolls'),
  remindEveryHours: hours.nullable().optional().describe('Default 4; null: never'),
  escalateAfterHours: hours.nullable().optional().describe('Default 24; null: never'),
  expireAfterHours: hours
    .nullable()
    .optional()
    .describe('Then a gate stays closed until it is asked anew; default never'),
});

const time = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be a time of day, for example "22:00" (in quotes)');

const window = z.strictObject({
  days: z
    .array(z.enum(weekdays))
    .min(1)
    .default([...weekdays])
    .describe('The days on which it begins; default all'),
  from: time,
  to: time.describe('Not later than `from`: it ends on the next day'),
  timeZone: z.string().refine(isTimeZone, 'must be the IANA name of a time zone, for example Europe/Berlin'),
});

export const maintenanceSchema = z.strictObject({
  windows: z
    .array(window)
    .default([])
    .describe('Outside of them nothing new is started; what was begun is finished. Default: always open'),
  freezeUntil: z.iso
    .datetime({ offset: true, error: 'must be a moment with its offset, for example 2027-01-04T06:00:00+01:00' })
    .optional()
    .describe('Nothing is started before'),
});
