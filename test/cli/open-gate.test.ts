import { gateMeant } from '../../src/cli/commands/open-gate';
import { ClientError } from '../../src/client/client-error';
import type { UpgradeLook } from '../../src/client/upgrade-client';
import type { GateName } from '../../src/domain/policy/gate-name';
import type { UpgradePlan } from '../../src/domain/plan/upgrade-plan';
import { defaultApprovals } from '../../src/domain/policy/approval-policy';
import { upgradeStatus } from '../../src/domain/upgrade/upgrade-status';
import { everyNodeRuns, kraftFinalization, kraftPlan, kraftStateAfter } from '../support/kraft-fixture';
import { samplePlanHash } from '../support/upgrade-fixture';

const plan = kraftPlan({ finalization: kraftFinalization({ 'kraft.version': 1 }) });

const askingEachNode: UpgradePlan = {
  ...plan,
  policy: { ...plan.policy, approvals: { ...defaultApprovals, eachNode: true } },
};

/** An upgrade at an open gate, or at none, as the command asks it. */
const at = (
  gate: GateName | null,
  ending: UpgradeLook['ending'] = null,
  planned: UpgradePlan = plan,
): Parameters<typeof gateMeant>[0] => {
  const events = [...everyNodeRuns(plan), ...(gate === null ? [] : [{ type: 'gate-opened' as const, gate }])];
  const status = upgradeStatus(kraftStateAfter(...events));
  return {
    cluster: 'orders-kraft',
    look: () => Promise.resolve({ status, live: { activities: [], node: null }, ending, events: [] }),
    plan: () => Promise.resolve({ plan: planned, planHash: samplePlanHash }),
  };
};

const refusal = async (
  ...args: Parameters<typeof gateMeant>
): Promise<Pick<ClientError, 'kind' | 'message' | 'hint'>> => {
  const error: unknown = await gateMeant(...args).catch((thrown: unknown) => thrown);
  if (!(error instanceof ClientError)) throw new Error(`Not refused: ${String(error)}`);
  const { kind, message, hint } = error;
  return { kind, message, hint };
};

describe('the gate that is meant', () => {
  it.each(['plan', 'canary', 'protocol', 'kraft.version'] as const)(
    'is gate %s, named while it is open',
    async (gate) => {
      expect(await gateMeant(at(gate), gate)).toBe(gate);
    },
  );

  it('may go unnamed only at the canary', async () => {
    expect(await gateMeant(at('canary'), undefined)).toBe('canary');
    expect(await refusal(at('kraft.version'), undefined)).toEqual({
      kind: 'refused',
      message: 'Gate "kraft.version" is open and must be named.',
      hint: 'If that is what you mean: kafka-upgrade approve orders-kraft --gate kraft.version',
    });
  });

  it('is no other than the open one, though the plan has it', async () => {
    expect(await refusal(at('protocol'), 'kraft.version')).toMatchObject({
      kind: 'refused',
      message: 'Gate "kraft.version" is not open, "protocol" is.',
    });
  });

  it('is none that the plan does not have; the others are named', async () => {
    expect(await refusal(at('protocol'), 'eligible.leader.replicas.version')).toEqual({
      kind: 'invalid',
      message: 'There is no gate "eligible.leader.replicas.version".',
      hint: 'Gates: plan, canary, protocol, kraft.version.',
    });
  });

  it('may be that of a node, where each is asked for', async () => {
    expect(await gateMeant(at('node-2', null, askingEachNode), 'node-2')).toBe('node-2');
    expect(await refusal(at('node-2', null, askingEachNode), 'node-3')).toMatchObject({
      kind: 'refused',
      message: 'Gate "node-3" is not open, "node-2" is.',
    });
    expect(await refusal(at('node-2', null, askingEachNode), 'node-99')).toEqual({
      kind: 'invalid',
      message: 'There is no gate "node-99".',
      hint: 'Gates: plan, canary, protocol, kraft.version, node-ID of each node.',
    });
    expect(await refusal(at('protocol'), 'node-2')).toMatchObject({ message: 'There is no gate "node-2".' });
  });

  it('is none while none is open, or after the end', async () => {
    expect(await refusal(at(null), 'protocol')).toMatchObject({ kind: 'refused' });
    const ended = at(null, { outcome: 'rolled-back', message: 'Every node runs 3.9.2 again.', hint: '' });
    expect((await refusal(ended, 'protocol')).message).toBe(
      'The upgrade of orders-kraft has ended (rolled-back): Every node runs 3.9.2 again.',
    );
  });
});
