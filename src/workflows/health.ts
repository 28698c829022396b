/** The looks at the whole cluster between the phases. */
import { ApplicationFailure } from '@temporalio/workflow';
import type { NodeId } from '../domain/cluster/cluster';
import { gravestProblem } from '../domain/health/node-problem';
import { acceptableOf } from '../domain/health/gate';
import { acceptedGroups } from '../domain/lag/accepted-groups';
import { restartLines } from '../domain/health/soak';
import type { NodeStep, UpgradePhase } from '../domain/plan/upgrade-plan';
import { gates, inspection } from './activity-options';
import { guarded } from './guarded';
import { untilEnding } from './until-ending';
import type { UpgradeRun } from './upgrade-run';

/** A roll and what it makes of every node. */
export interface Roll {
  phase: UpgradePhase;
  steps: readonly NodeStep[];
}

/** A whole, quiet cluster before a phase and after it; resolves to the active controller. */
export const awaitHealth = async (run: UpgradeRun, roll: Roll | null): Promise<NodeId | null> => {
  const { cluster, definitionSha256, policy } = run.plan;
  const expected =
    roll?.steps.map(({ nodeId, toVersion, protocol }) => ({ nodeId, version: toVersion, protocol })) ?? null;
  return guarded(run, async () => {
    const summary = roll === null ? 'the cluster is healthy before the roll' : 'the whole cluster is healthy';
    const input = {
      cluster,
      definitionSha256,
      policy,
      expected,
      soak: roll !== null,
      acceptedGroups: acceptedGroups(run.accepted()),
    };
    const { verdict, controllerId, ...soak } = await untilEnding(run, () =>
      gates(policy).awaitClusterHealthy.executeWithOptions({ summary }, [input]),
    );
    run.evidence('cluster health', [...restartLines(soak), verdict.message]);
    if (verdict.status === 'successful') return controllerId;
    throw ApplicationFailure.nonRetryable(`The cluster is not healthy: ${verdict.message}.`, 'NodeUnhealthy', {
      acceptable: acceptableOf(verdict),
    });
  });
};

/** Reads *all* hosts again: configuration management likes to put files back (I2, I9). */
export const verifyNodes = async (run: UpgradeRun, { phase, steps }: Roll): Promise<string> => {
  const { cluster, definitionSha256 } = run.plan;
  const nodes = steps.map(({ nodeId, toVersion, protocol, edit }) => ({
    nodeId,
    version: toVersion,
    protocol,
    sha256: edit.toSha256,
  }));
  return guarded(run, async () => {
    const { problems, evidence } = await inspection.verifyNodes.executeWithOptions(
      { summary: 'read files and running versions of every node' },
      [{ cluster, definitionSha256, nodes }],
    );
    run.evidence(`every node read again, ${phase}`, evidence);
    const problem = gravestProblem(problems);
    if (problem === null) return `${nodes.length} of ${nodes.length} nodes as planned`;
    throw ApplicationFailure.nonRetryable(problem.message, problem.type);
  });
};
