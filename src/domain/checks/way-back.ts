/**
 * Is there something to put back? Phase `binaries` puts a node back on the release that it ran when the new one does not
 * start, and `rollback` puts all on the oldest that ran (the newest, on the way to an older release): both need it at its place on the host (`paths.releases`), which a
 * release that runs need not be.
 */
import type { NodeId } from '../cluster/cluster';
import { releaseProblem } from '../cluster/release';
import { parseVersion, releaseLeft } from '../cluster/version';
import { versionOf } from './cluster-snapshot';
import type { ClusterSnapshot } from './cluster-snapshot';
import { warning } from './finding';
import type { Finding } from './finding';
import { hostWords } from './host-checks';
import type { PlanQuestion } from './kraft-checks';

/** The releases that each node may be put back on; none that cannot be read. */
export const waysBackOf = (
  { hosts, running }: Pick<ClusterSnapshot, 'hosts' | 'running'>,
  target: string,
): { nodeId: NodeId; version: string }[] => {
  const left = releaseLeft(
    hosts.map((host) => versionOf({ running }, host)),
    target,
  );
  return hosts.flatMap((host) =>
    [...new Set([versionOf({ running }, host), left])]
      .filter((version) => version !== target && parseVersion(version) !== null)
      .map((version) => ({ nodeId: host.nodeId, version })),
  );
};

/** A warning, not a blocker, also where both releases run already: the way on must not hang on the way back. */
export const checkWayBack = (
  { hosts, mode, paths, waysBack }: Pick<ClusterSnapshot, 'hosts' | 'mode' | 'paths' | 'waysBack'>,
  { target }: Pick<PlanQuestion, 'target'>,
): Finding[] =>
  hosts.flatMap((host) =>
    waysBack.flatMap(({ nodeId, version, release }) => {
      const problem = nodeId === host.nodeId ? releaseProblem(release, paths.releases, version) : null;
      if (problem === null) return [];
      return [
        warning({
          seen: `${hostWords(host, mode)}: ${problem}.`,
          why: `It cannot be put back on ${version}: not by \`rollback\`, and not when ${target} does not start.`,
          action: `Install Kafka ${version} there on that host, too.`,
          source: 'file system of the host',
        }),
      ];
    }),
  );
