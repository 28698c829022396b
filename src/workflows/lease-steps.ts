import { changes, farewells } from './activity-options';
import type { UpgradeRun } from './upgrade-run';
import { messageOf } from '../domain/common/message-of';

/** Stores a higher number on every host; with `held: false` the cluster is free again. */
export const storeLeases = async (run: UpgradeRun, held: boolean): Promise<void> => {
  const { cluster, definitionSha256 } = run.plan;
  const input = { cluster, definitionSha256, fence: run.nextFence(), held };
  await (held
    ? changes.raiseLeases.executeWithOptions({ summary: 'raise the lease on every host' }, [input])
    : farewells.raiseLeases.executeWithOptions({ summary: 'release the cluster' }, [input]));
};

/**
 * Releases the cluster on every host, with a higher number, so that it fences too. It must not hold up an end: a host that
 * keeps its lease is taken over by the next run of the same workflow id.
 */
export const releaseCluster = async (run: UpgradeRun): Promise<void> => {
  try {
    await storeLeases(run, false);
  } catch (error) {
    const why = messageOf(error);
    run.evidence('release of the cluster', [`some host keeps its lease: ${why}`]);
  }
};
