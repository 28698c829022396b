import type { UpgradeState } from '../../../src/domain/upgrade/upgrade-state';
import { upgradeStatus } from '../../../src/domain/upgrade/upgrade-status';
import { atGate, hash, send } from '../../support/message-fixture';
import { planMade, stateAfter } from '../../support/upgrade-fixture';

describe('confirmDr', () => {
  it('is recorded with who and how, and the approval of the plan then needs no confirmation', () => {
    const confirmed = send(atGate('plan'), 'confirmDr', { by: 'jane', comment: 'restore test of Monday' });
    expect(confirmed).toMatchObject({
      accepted: true,
      answer: 'the disaster-recovery path is confirmed, for the record',
    });
    const state = atGate('plan', ...confirmed.events);
    expect(state.disasterRecovery).toBe('confirmed by jane: restore test of Monday');
    expect(upgradeStatus(state).waitingFor?.answers[0]?.payload).toBe(
      '{"gate":"plan","plan":"1a2b3c4d","accept":["audit-log"]}',
    );
    const { events } = send(state, 'approve', { gate: 'plan', plan: hash, accept: ['audit-log'] });
    expect(events[1]).toMatchObject({
      type: 'gate-passed',
      disasterRecovery: 'confirmed by jane: restore test of Monday',
    });
  });

  it.each<[string, UpgradeState, unknown, string]>([
    ['without a name', atGate('plan'), { comment: 'sure' }, 'it must be known who confirms it'],
    [
      'twice',
      atGate('plan', { type: 'disaster-recovery-confirmed', by: 'jane', comment: null }),
      { by: 'jo' },
      'it is confirmed by jane already',
    ],
    [
      'too late',
      stateAfter(planMade(), { type: 'item', item: 2, state: 'done', detail: '' }),
      { by: 'jo' },
      'item 2 is done',
    ],
  ])('is refused %s', (_, state, payload, why) => {
    expect(send(state, 'confirmDr', payload)).toMatchObject({ accepted: false, answer: expect.stringContaining(why) });
  });
});
