import type { UpgradeEventBody } from '../../../src/domain/upgrade/upgrade-state';
import { upgradeStatus } from '../../../src/domain/upgrade/upgrade-status';
import { waitingSince } from '../../../src/domain/upgrade/waiting-since';
import { opened, passed } from '../../support/message-fixture';
import {
  eventsOf,
  midFirstRoll,
  parked,
  paused,
  planMade,
  startedAtMs,
  stateAfter,
} from '../../support/upgrade-fixture';

const refusal: UpgradeEventBody = {
  type: 'message',
  kind: 'retry',
  by: null,
  comment: null,
  accepted: false,
  answer: 'nothing is parked',
};

/** The n-th event of the list comes n seconds after the start. */
const second = (n: number): number => startedAtMs + n * 1_000;

describe('a person is waited for', () => {
  it.each<[string, Parameters<typeof waitingSince>[1], UpgradeEventBody[], number]>([
    ['since the gate was opened, whatever was sent since', 'approval', [opened('plan'), refusal], 1],
    [
      'since the gate that is open was, not one before',
      'approval',
      [opened('plan'), passed('plan'), opened('canary')],
      3,
    ],
    [
      'since an expired gate was asked again',
      'approval',
      [
        opened('plan'),
        { type: 'gate-expired', gate: 'plan', waitedMs: 9 },
        { type: 'gate-reopened', gate: 'plan', by: 'kim' },
      ],
      3,
    ],
    [
      'since it was opened, also when some have approved already',
      'approval',
      [opened('plan'), { type: 'gate-voted', gate: 'plan', vote: { by: 'kim', comment: null, ticket: null } }],
      1,
    ],
    ['since the last step was parked', 'parked', [parked, { type: 'retried', by: null }, parked, refusal], 3],
    ['since the last pause', 'paused', [paused, { type: 'resumed', by: null }, paused], 3],
    ['since it was parked, whatever gate opened', 'parked', [parked, opened('canary')], 1],
  ])('%s', (_, kind, events, n) => {
    expect(waitingSince(eventsOf(...events), kind)).toBe(second(n));
  });

  it('since when is not known where the events do not go back so far', () => {
    for (const kind of ['approval', 'parked', 'paused'] as const) {
      expect(waitingSince(eventsOf(...midFirstRoll), kind)).toBeNull();
      expect(waitingSince([], kind)).toBeNull();
    }
  });

  it('for whatever the status says that it waits for, since when is known', () => {
    for (const last of [opened('canary'), parked, paused]) {
      const events = [planMade(), last];
      const kind = upgradeStatus(stateAfter(...events)).waitingFor?.kind ?? 'approval';
      expect(waitingSince(eventsOf(...events), kind)).toBe(second(2));
    }
  });
});
