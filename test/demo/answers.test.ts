import type { SendResult, UpgradeClient, UpgradeLook } from '../../src/client/upgrade-client';
import { yesToAll } from '../../src/demo/answers';
import type { UpgradeEventBody } from '../../src/domain/upgrade/upgrade-state';
import { upgradeStatus } from '../../src/domain/upgrade/upgrade-status';
import { midFirstRoll, planMade, samplePlan, samplePlanHash, stateAfter } from '../support/upgrade-fixture';

interface Sent {
  kind: string;
  payload: unknown;
  signalOnly: boolean | undefined;
}

const fakeClient = (sent: Sent[]): UpgradeClient => {
  const client: Pick<UpgradeClient, 'plan' | 'send'> = {
    plan: async () => ({ plan: samplePlan(), planHash: samplePlanHash }),
    send: async (kind, payload, options): Promise<SendResult> => {
      sent.push({ kind, payload, signalOnly: options?.signalOnly });
      return { accepted: true, answer: '', by: 'signal' };
    },
  };
  return client as UpgradeClient;
};

const look = (...events: UpgradeEventBody[]): UpgradeLook => ({
  status: upgradeStatus(stateAfter(...events)),
  live: { activities: [], node: null },
  events: [],
  ending: null,
});

describe('yesToAll', () => {
  it('passes the gate of the plan by a signal that says everything that is asked', async () => {
    const sent: Sent[] = [];
    const answerer = yesToAll(fakeClient(sent), () => undefined);
    const open = look(planMade(), { type: 'gate-opened', gate: 'plan' });
    expect(answerer.wants(open)).toBe(true);
    await answerer.answer(open);
    expect(sent).toEqual([
      {
        kind: 'approve',
        signalOnly: true,
        payload: {
          by: 'demo --yes',
          plan: '1a2b3c4d',
          gate: 'plan',
          disasterRecovery: 'confirmed by the demo: this cluster can be made again',
          accept: ['audit-log'],
        },
      },
    ]);
    expect(answerer.wants(open)).toBe(false);
  });

  it('ends an upgrade that is parked, because nobody is there to repair it', async () => {
    const sent: Sent[] = [];
    const answerer = yesToAll(fakeClient(sent), () => undefined);
    const trouble = { type: 'StartFailed', message: 'Down.', hint: '', nodeId: 1, phase: null, nodeIsDown: true };
    await answerer.answer(look(...midFirstRoll, { type: 'parked', trouble }));
    expect(sent.map(({ kind }) => kind)).toEqual(['abort']);
  });

  it('has nothing to say while the upgrade runs', () => {
    expect(yesToAll(fakeClient([]), () => undefined).wants(look(...midFirstRoll))).toBe(false);
  });
});
