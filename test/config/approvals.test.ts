import { parseDefinition } from '../../src/config/parse-definition';
import { resolveApprovals, resolveMaintenance } from '../../src/config/resolve-approvals';
import { defaultApprovals, ruleOf } from '../../src/domain/policy/approval-policy';
import type { GateRule } from '../../src/domain/policy/approval-policy';
import { UpgradeError } from '../../src/domain/common/failure';
import type { GateName } from '../../src/domain/policy/gate-name';
import { defaultPolicy } from '../../src/domain/policy/policy';

const hour = 3_600_000;

const definition = (policy: unknown): string =>
  `{"cluster":"orders","nodes":[{"id":1,"host":"kafka-1"}],"ssh":{"user":"kafka"},
"paths":{"config":"/etc/kafka/server.properties","current":"/opt/kafka","releases":"/opt/kafka-{version}"},
"policy":
${JSON.stringify(policy)}}`;

const written = (policy: unknown) => parseDefinition(definition(policy), 'orders.json').definition.policy;

const approvals = (given: unknown) => resolveApprovals(written({ approvals: given }).approvals);

const maintenance = (given: unknown) => resolveMaintenance(written({ maintenance: given }).maintenance);

/** What is wrong with a policy, one sentence a mistake, without its place. */
const mistakes = (policy: unknown): string[] => {
  try {
    written(policy);
    return [];
  } catch (error) {
    if (!(error instanceof UpgradeError)) throw error;
    expect(error.type).toBe('InvalidDefinition');
    return error.message.split('\n').map((line) => line.replace(/^orders\.json:4:\d+: /, ''));
  }
};

describe('approvals that are not written', () => {
  it('are the defaults', () => {
    expect(approvals({})).toEqual(defaultApprovals);
    expect(resolveApprovals(written({}).approvals)).toEqual(defaultPolicy.approvals);
  });

  it('neither close a window nor freeze anything', () => {
    expect(maintenance({})).toEqual({ windows: [], freezeUntilMs: null });
    expect(resolveMaintenance(written({}).maintenance)).toEqual(defaultPolicy.maintenance);
  });
});

describe('the rule that is written for all gates', () => {
  const general: GateRule = {
    quorum: 2,
    approvers: ['kim', 'platform-*'],
    requesterMayApprove: false,
    commentRequired: true,
    ticketRequired: true,
  };
  const all = {
    quorum: 2,
    approvers: ['kim', 'platform-*'],
    requesterMayApprove: false,
    comment: 'required',
    ticket: 'required',
  };

  it('holds at each of them', () => {
    const policy = approvals(all);
    for (const gate of ['plan', 'canary', 'protocol', 'kraft.version', 'node-7'] satisfies GateName[])
      expect(ruleOf(policy, gate)).toEqual(general);
  });

  it('is what a gate leaves out of its own', () => {
    const policy = approvals({ ...all, gates: { canary: { quorum: 1, comment: 'optional' }, 'each-node': {} } });
    expect(ruleOf(policy, 'canary')).toEqual({ ...general, quorum: 1, commentRequired: false });
    expect(ruleOf(policy, 'node-3')).toEqual(general);
    expect(ruleOf(policy, 'plan')).toEqual(general);
  });

  it.each<[string, object, Partial<GateRule>]>([
    ['quorum', { quorum: 1 }, { quorum: 1 }],
    ['approvers', { approvers: ['jo', 'max'] }, { approvers: ['jo', 'max'] }],
    ['requesterMayApprove', { requesterMayApprove: true }, { requesterMayApprove: true }],
    ['comment', { comment: 'optional' }, { commentRequired: false }],
    ['ticket', { ticket: 'optional' }, { ticketRequired: false }],
  ])('is overridden at a gate by its own %s alone', (_, own, expected) => {
    const policy = approvals({ ...all, gates: { protocol: own } });
    expect(ruleOf(policy, 'protocol')).toEqual({ ...general, ...expected });
    expect(ruleOf(policy, 'plan')).toEqual(general);
  });
});

describe('the times of alarms', () => {
  it.each([
    [
      'are hours',
      { remindEveryHours: 0.5, escalateAfterHours: 8, expireAfterHours: 72 },
      [hour / 2, 8 * hour, 72 * hour],
    ],
    [
      'are never where they are null',
      { remindEveryHours: null, escalateAfterHours: null, expireAfterHours: null },
      [null, null, null],
    ],
    ['are by default where they are left out', { expireAfterHours: 1 }, [4 * hour, 24 * hour, hour]],
    ['are whole milliseconds', { remindEveryHours: 0.33333333 }, [1_200_000, 24 * hour, null]],
  ])('%s', (_, given, expected) => {
    const { remindEveryMs, escalateAfterMs, expireAfterMs } = approvals(given);
    expect([remindEveryMs, escalateAfterMs, expireAfterMs]).toEqual(expected);
  });

  it('go with the wish to be asked before each node', () => {
    expect(approvals({ eachNode: true })).toEqual({ ...defaultApprovals, eachNode: true });
  });
});

describe('maintenance', () => {
  const night = { days: ['mon', 'tue'], from: '22:00', to: '05:00', timeZone: 'Europe/Berlin' };

  it('keeps its windows as they are written, those without days on every day', () => {
    const { days: _, ...daily } = night;
    expect(maintenance({ windows: [night, daily] }).windows).toEqual([
      night,
      { ...night, days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] },
    ]);
  });

  it.each([
    ['2027-01-04T06:00:00+01:00', '2027-01-04T05:00:00.000Z'],
    ['2027-01-04T06:00:00Z', '2027-01-04T06:00:00.000Z'],
    ['2027-01-04T06:00:00.5-05:30', '2027-01-04T11:30:00.500Z'],
  ])('frozen until %s is the same moment everywhere', (freezeUntil, moment) => {
    expect(maintenance({ freezeUntil }).freezeUntilMs).toBe(Date.parse(moment));
  });

  it.each(['00:00', '09:05', '19:59', '23:59', '24:00'])('takes %s for a time of day', (time) => {
    expect(
      mistakes({
        maintenance: {
          windows: [
            { ...night, from: time },
            { ...night, to: time },
          ],
        },
      }),
    ).toEqual([]);
  });
});

describe('a mistake about people', () => {
  const names = Array.from({ length: 20 }, (_, index) => `kim-${index}`);

  it.each<[string, unknown, string]>([
    ['nobody', { approvers: [] }, '`policy.approvals.approvers` must not be empty.'],
    ['a nameless person', { approvers: [''] }, '`policy.approvals.approvers[0]` must not be empty.'],
    ['a list that is none', { approvers: 'kim' }, '`policy.approvals.approvers` must be a list.'],
    ['no approval at all', { quorum: 0 }, '`policy.approvals.quorum` must be at least 1.'],
    ['too many', { quorum: 21 }, '`policy.approvals.quorum` must be at most 20.'],
    ['half a person', { quorum: 1.5 }, '`policy.approvals.quorum` must be a whole number.'],
    [
      'more than there are',
      { quorum: 3, approvers: ['kim', 'jo'] },
      '`policy.approvals` wants 3 people, but only 2 may approve: kim, jo.',
    ],
    [
      'one person twice',
      { quorum: 2, approvers: ['kim', 'Kim'] },
      '`policy.approvals` wants 2 people, but only 1 may approve: kim.',
    ],
    [
      'more than there are at one gate',
      { gates: { protocol: { quorum: 2, approvers: ['kim'] } } },
      '`policy.approvals.gates.protocol` wants 2 people, but only 1 may approve: kim.',
    ],
    [
      'another name of a gate',
      { gates: { protocl: {} } },
      '`protocl` is no setting of `policy.approvals.gates`. Did you mean `protocol`?',
    ],
    ['a comment that is neither', { comment: true }, '`policy.approvals.comment` must be optional or required.'],
    ['a ticket that is neither', { ticket: 'yes' }, '`policy.approvals.ticket` must be optional or required.'],
    ['no time', { remindEveryHours: 0 }, '`policy.approvals.remindEveryHours` must be at least 0.01.'],
    ['more than a year', { escalateAfterHours: 8_761 }, '`policy.approvals.escalateAfterHours` must be at most 8760.'],
    ['a time in words', { expireAfterHours: '1 day' }, '`policy.approvals.expireAfterHours` must be a number.'],
    [
      'a misspelt setting',
      { approver: ['kim'] },
      '`approver` is no setting of `policy.approvals`. Did you mean `approvers`?',
    ],
    [
      'a misspelt setting of a gate',
      { gates: { plan: { qorum: 2 } } },
      '`qorum` is no setting of `policy.approvals.gates.plan`. Did you mean `quorum`?',
    ],
  ])('is told: %s', (_, given, expected) => {
    expect(mistakes({ approvals: given })).toEqual([expected]);
  });

  it.each<[string, object]>([
    ['as many people as are wanted', { quorum: 2, approvers: ['kim', 'jo'] }],
    ['a wildcard, which may stand for many', { quorum: 5, approvers: ['platform-*'] }],
    ['anybody', { quorum: 20 }],
    ['twenty of twenty', { quorum: 20, approvers: names }],
  ])('is none: %s', (_, given) => {
    expect(mistakes({ approvals: given })).toEqual([]);
  });

  it.each<[string, object]>([
    ['the people', { approvers: ['kim'], gates: { plan: { quorum: 2 }, canary: {} } }],
    ['the quorum', { quorum: 2, gates: { plan: { approvers: ['kim'] }, canary: {} } }],
  ])('is found at a gate that has %s of all gates', (_, given) => {
    expect(mistakes({ approvals: given })).toEqual([
      '`policy.approvals.gates.plan` wants 2 people, but only 1 may approve: kim.',
    ]);
  });
});

describe('a mistake about time', () => {
  const window = { from: '22:00', to: '05:00', timeZone: 'UTC' };

  it.each<[string, object, string]>([
    ...['9:00', '24:01', '25:00', '12:60', '12.30', '22:00:00', 'noon', ''].map((time): [string, object, string] => [
      `the time ${JSON.stringify(time)}`,
      { windows: [{ ...window, from: time }] },
      '`policy.maintenance.windows[0].from` must be a time of day, for example "22:00" (in quotes).',
    ]),
    [
      'a time without quotes, which YAML may read as a number',
      { windows: [{ ...window, to: 1_320 }] },
      '`policy.maintenance.windows[0].to` must be text (put it into quotes).',
    ],
    ...['Mars/Olympus', 'Berlin', '', 'Europe/Berlin '].map((timeZone): [string, object, string] => [
      `the time zone ${JSON.stringify(timeZone)}`,
      { windows: [{ ...window, timeZone }] },
      '`policy.maintenance.windows[0].timeZone` must be the IANA name of a time zone, for example Europe/Berlin.',
    ]),
    [
      'no time zone',
      { windows: [{ from: '22:00', to: '05:00' }] },
      '`policy.maintenance.windows[0].timeZone` is missing.',
    ],
    ['no day', { windows: [{ ...window, days: [] }] }, '`policy.maintenance.windows[0].days` must not be empty.'],
    [
      'a day of another name',
      { windows: [{ ...window, days: ['mon', 'tuesday'] }] },
      '`policy.maintenance.windows[0].days[1]` must be mon or tue or wed or thu or fri or sat or sun.',
    ],
    ...['2027-01-04T06:00:00', '2027-01-04', '2027-13-04T06:00:00Z', 'monday'].map(
      (freezeUntil): [string, object, string] => [
        `frozen until ${freezeUntil}`,
        { freezeUntil },
        '`policy.maintenance.freezeUntil` must be a moment with its offset, for example 2027-01-04T06:00:00+01:00.',
      ],
    ),
    ['a misspelt setting', { window: [] }, '`window` is no setting of `policy.maintenance`. Did you mean `windows`?'],
  ])('is told: %s', (_, given, expected) => {
    expect(mistakes({ maintenance: given })).toEqual([expected]);
  });
});
