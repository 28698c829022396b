/** Gates of the sample's upgrade, and messages sent to it. */
import fc from 'fast-check';
import type { PlanInForce } from '../../src/domain/people/approval';
import type { GateName } from '../../src/domain/policy/gate-name';
import { parsePayload } from '../../src/domain/people/message';
import type { MessageKind } from '../../src/domain/people/message';
import { receiveMessage } from '../../src/domain/upgrade/receive-message';
import type { Reception } from '../../src/domain/upgrade/receive-message';
import type { UpgradeEventBody, UpgradeState } from '../../src/domain/upgrade/upgrade-state';
import { planMade, samplePlan, samplePlanHash, stateAfter } from './upgrade-fixture';

export const hash = samplePlanHash.slice(0, 8);

export const inForce = (plan = samplePlan()): PlanInForce => ({
  plan,
  planHash: samplePlanHash,
  disasterRecovery: null,
});

export const opened = (gate: GateName): UpgradeEventBody => ({ type: 'gate-opened', gate });

export const passed = (gate: GateName, accept: string[] = []): UpgradeEventBody => {
  return { type: 'gate-passed', gate, by: null, comment: null, disasterRecovery: null, accept };
};

export const atGate = (gate: GateName, ...more: UpgradeEventBody[]): UpgradeState =>
  stateAfter(planMade(), opened(gate), ...more);

export const send = (state: UpgradeState, kind: MessageKind, payload?: unknown): Reception =>
  receiveMessage(state, { kind, payload: parsePayload(payload) });

/** The gates of the sample's plan. */
export const gates: GateName[] = ['plan', 'canary', 'protocol'];

/** Everything that JavaScript can make, and what people type. */
export const anyPayload = fc.oneof(
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withObjectString: true }),
  fc.jsonValue(),
  fc.record(
    {
      id: fc.anything(),
      gate: fc.oneof(fc.constantFrom(...gates, 'all'), fc.anything()),
      plan: fc.oneof(fc.constantFrom(hash, samplePlanHash, '1a2b3c4', 'deadbeef', ''), fc.anything()),
      park: fc.oneof(fc.constantFrom(1, 2, '1'), fc.anything()),
      pause: fc.oneof(fc.constantFrom(1, 2, '1'), fc.anything()),
      by: fc.anything(),
      comment: fc.anything(),
      disasterRecovery: fc.oneof(fc.constantFrom('kim', 'confirmed by <name>: <how>'), fc.anything()),
      accept: fc.oneof(fc.constantFrom('audit-log', '*', ['audit-log']), fc.array(fc.anything())),
    },
    { requiredKeys: [] },
  ),
);
