/** What may be written under `alertSilence`: which alerts are silenced while nodes are touched, and where. */
import { z } from 'zod';
import { httpAddress } from './http-address';
import { exactlyOne, secretSettings } from './secret-reference';

const text = z.string().min(1).max(1_000);

const matcher = z.strictObject({
  name: z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'must be the name of a label'),
  value: text,
  isRegex: z.boolean().default(false),
  isEqual: z.boolean().default(true).describe('false: alerts whose label is different'),
});

const basic = z
  .strictObject({
    user: text,
    passwordEnvironment: secretSettings.environment.optional(),
    passwordFile: secretSettings.file.optional(),
  })
  .refine(exactlyOne('passwordEnvironment', 'passwordFile'), 'needs one of passwordEnvironment and passwordFile');

const bearer = z
  .strictObject({
    tokenEnvironment: secretSettings.environment.optional(),
    tokenFile: secretSettings.file.optional(),
  })
  .refine(exactlyOne('tokenEnvironment', 'tokenFile'), 'needs one of tokenEnvironment and tokenFile');

/** The silence of a cluster. */
export const silenceSchema = z
  .strictObject({
    alertmanager: httpAddress.describe('Address of the Alertmanager, its route prefix included'),
    matchers: z
      .array(matcher)
      .min(1)
      .describe('Labels of the alerts; all of them must match, at least one must not match an empty label'),
    basic: basic.optional().describe('User and password for the Alertmanager'),
    bearer: bearer.optional().describe('Token for the Alertmanager'),
  })
  .refine(({ basic: user, bearer: token }) => user === undefined || token === undefined, 'takes basic or bearer')
  .describe('Silence alerts while nodes are touched; default: no silence');
