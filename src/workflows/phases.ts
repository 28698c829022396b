/** The items of the checklist that change the cluster, each in its own function. */
import { rollGroups } from '../domain/plan/roll-order';
import type { Trouble } from '../domain/upgrade/upgrade-state';
import { inspection } from './activity-options';
import { finalizeFeatures } from './finalization';
import { guarded } from './guarded';
import { awaitHealth, verifyNodes } from './health';
import type { Roll } from './health';
import { afterForbidden } from './known-levels';
import { rollPhase } from './roll-phase';
import type { Look } from './roll-phase';
import type { UpgradeRun } from './upgrade-run';

const planned = (run: UpgradeRun, phase: 'binaries' | 'protocol'): Roll => ({ phase, steps: run.plan.steps[phase] });

const forward = (run: UpgradeRun): { groups: ReturnType<typeof rollGroups>; measure: () => Promise<Look> } => {
  const { mode, nodes, downgrade } = run.plan;
  const measure = async (): Promise<Look> => ({ controllerId: await awaitHealth(run, null), down: [] });
  return { groups: rollGroups(mode, nodes, downgrade === true ? 'rollback' : 'upgrade'), measure };
};

/** Items 4 and 5: the new binary on every node, then a whole cluster. */
export const rollBinaries = async (run: UpgradeRun): Promise<void> => {
  const { toVersion } = run.plan;
  const roll = planned(run, 'binaries');
  run.item(4, 'running', `onto ${toVersion}`);
  const afterFirst = (): Promise<void> => run.passGate('canary');
  // On the way to an older release a level that was raised by hand meanwhile holds the roll.
  const afterPark = (trouble: Trouble): Promise<void> => afterForbidden(run, trouble, toVersion);
  const count = await rollPhase(run, { ...roll, ...forward(run), afterFirst, afterPark });
  run.item(4, 'done', `${count} nodes restarted onto ${toVersion}`);
  run.item(5, 'running', 'measuring and soaking');
  await awaitHealth(run, roll);
  run.item(5, 'done', await verifyNodes(run, roll));
};

/** The approval, and what it was given for: every node runs the new binary (I2). */
const beforeProtocol = async (run: UpgradeRun, { steps }: Roll): Promise<void> => {
  const { toProtocol } = run.plan;
  if (steps.some(({ needed }) => needed)) {
    run.item(6, 'waiting', `approval to raise to ${toProtocol}`);
    await run.passGate('protocol');
  }
  run.item(6, 'running', 'reading every node again');
  await verifyNodes(run, planned(run, 'binaries'));
  run.item(6, 'running', `${toProtocol}, each file right before its restart`);
  run.item(7, 'running', `onto protocol ${toProtocol}`);
};

const raiseProtocol = async (run: UpgradeRun): Promise<void> => {
  const { toProtocol } = run.plan;
  const roll = planned(run, 'protocol');
  if (run.state.items[7].state === 'pending') await beforeProtocol(run, roll);
  const count = await rollPhase(run, { ...roll, ...forward(run) });
  run.item(6, 'done', `${toProtocol} in ${count} files`);
  await awaitHealth(run, roll);
  run.item(7, 'done', `${count} brokers restarted; ${await verifyNodes(run, roll)}`);
  run.item(8, 'not-applicable', 'ZooKeeper mode');
};

const raiseFeatures = async (run: UpgradeRun): Promise<void> => {
  run.item(6, 'not-applicable', 'KRaft: the level of the cluster is metadata.version, see item 8');
  run.item(7, 'not-applicable', 'KRaft: a raised feature needs no restart');
  const binaries = planned(run, 'binaries');
  const beforeEachGate = (): Promise<string> => verifyNodes(run, binaries);
  const count = await finalizeFeatures(run, { beforeEachGate, healthy: () => awaitHealth(run, binaries) });
  run.item(8, 'done', count === 0 ? 'no feature had to be raised' : `${count} features raised, read back`);
};

/** On the way to an older release no level moves (I2). */
const leaveLevels = (run: UpgradeRun): void => {
  for (const item of [6, 7, 8] as const) run.item(item, 'not-applicable', 'a downgrade of the binaries moves no level');
};

/** Items 6 to 8: the new protocol by a second roll, on KRaft feature by feature without one. */
export const raiseLevels = async (run: UpgradeRun): Promise<void> => {
  const { mode, downgrade } = run.plan;
  if (downgrade === true) leaveLevels(run);
  else if (mode === 'kraft') await raiseFeatures(run);
  else await raiseProtocol(run);
};

/** Item 9: which clients connect with what. */
export const reportClients = async (run: UpgradeRun): Promise<void> => {
  const { cluster, definitionSha256 } = run.plan;
  run.item(9, 'running', 'asking the brokers which clients connect');
  const { evidence } = await guarded(run, () =>
    inspection.reportClients.executeWithOptions({ summary: 'which clients connect with what' }, [
      { cluster, definitionSha256 },
    ]),
  );
  run.evidence('connected clients', evidence);
  run.item(9, 'done', `${evidence.length} kinds of clients listed in the report`);
};
