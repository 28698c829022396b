/**
 * Is the controller quorum of a KRaft cluster sound, and does it stay so without one node? (Invariant I1.)
 *
 *   1. There is an active controller: the leader of the metadata quorum (DescribeQuorum), never the controller of a
 *      Metadata or DescribeCluster answer, which on KRaft is any broker.
 *   2. The voters are the controllers of the definition.
 *   3. Every voter is caught up: it had all that the leader had within the last 2 s (controller.quorum.fetch.timeout.ms)
 *      and is not far behind by offset. Without times (version 0 of DescribeQuorum) the high watermark decides.
 *   4. Without this node, a majority of *all* voters is caught up. A quorum of one or two can never satisfy that: then a
 *      person accepted it by name, and at least every other voter must be caught up.
 */
import type { NodeId, QuorumReplica, QuorumView } from '../cluster/cluster';
import { failed, inconclusive, someOf, successful } from './gate';
import type { GateCheck } from './gate';
import type { ClusterMeasurement } from './measurement';

/** What a person accepts by this name: no majority of controllers remains while one restarts. */
export const quorumAcceptance = 'controller-quorum';

/** Default of controller.quorum.fetch.timeout.ms: a voter that is later starts an election. */
const maxVoterDelayMs = 2_000;

/** Records that a voter may lack at one instant; the leader appends at least two a second (metadata.max.idle.interval.ms). */
const maxVoterLag = 1_000;

/** How many voters a quorum needs. */
export const majorityOf = (voters: number): number => Math.floor(voters / 2) + 1;

/** Voters that cannot be spared in a quorum of this size: every one of one or two. */
export const isFragileQuorum = (voters: number): boolean => voters - 1 < majorityOf(voters);

const leaderEndOf = ({ leaderId, voters }: QuorumView): number =>
  voters.find(({ id }) => id === leaderId)?.logEndOffset ?? 0;

const delayMs = (voter: QuorumReplica, quorum: QuorumView): number | null => {
  const now = Math.max(...quorum.voters.map(({ lastCaughtUpMs }) => lastCaughtUpMs ?? 0));
  return voter.lastCaughtUpMs === null ? null : now - voter.lastCaughtUpMs;
};

/** Why a voter does not count; null when it is caught up. */
const troubleOf = (voter: QuorumReplica, quorum: QuorumView): string | null => {
  if (voter.id === quorum.leaderId) return null;
  const leaderEnd = leaderEndOf(quorum);
  const lag = leaderEnd - voter.logEndOffset;
  const timed = quorum.voters.some(({ lastCaughtUpMs }) => lastCaughtUpMs !== null);
  const delay = delayMs(voter, quorum);
  if (timed && delay === null) return `voter ${voter.id} has never fetched from the active controller`;
  if (delay !== null && delay > maxVoterDelayMs)
    return `voter ${voter.id} was caught up last ${(delay / 1000).toFixed(1)} s ago`;
  const limit = timed ? maxVoterLag : Math.max(0, leaderEnd - quorum.highWatermark);
  return lag > limit ? `voter ${voter.id} is ${lag} records behind the active controller` : null;
};

/** The voters that have everything, and what is wrong with the others. */
const judge = (quorum: QuorumView): { caughtUp: NodeId[]; troubles: string[] } => {
  const judged = quorum.voters.map((voter) => ({ id: voter.id, trouble: troubleOf(voter, quorum) }));
  return {
    caughtUp: judged.filter(({ trouble }) => trouble === null).map(({ id }) => id),
    troubles: judged.flatMap(({ trouble }) => trouble ?? []),
  };
};

const sameNodes = (a: readonly NodeId[], b: readonly NodeId[]): boolean =>
  a.length === b.length && a.every((id) => b.includes(id));

const name = 'controller quorum';

/** Is every controller of the definition a voter that is caught up? */
export const checkQuorum = ({ quorum, quorumTrouble, controllers }: ClusterMeasurement): GateCheck => {
  if (quorum === null)
    return inconclusive(name, `the controller quorum cannot be read (${quorumTrouble ?? 'no answer'})`);
  const voters = quorum.voters.map(({ id }) => id);
  if (quorum.leaderId === null) return failed(name, `the quorum of voters ${someOf(voters)} has no leader`);
  if (!sameNodes(voters, controllers))
    return failed(name, `the voters are ${someOf(voters)}, the definition has controllers ${someOf(controllers)}`);
  const { caughtUp, troubles } = judge(quorum);
  return troubles.length > 0
    ? failed(name, troubles.join(', '))
    : successful(name, `${caughtUp.length} of ${voters.length} voters caught up`);
};

/** Does a caught-up majority of voters remain without this node? True of every node that is not a voter. */
export const checkQuorumWithout = (
  nodeId: NodeId,
  { quorum, quorumTrouble }: ClusterMeasurement,
  accepted: readonly string[],
): GateCheck => {
  if (quorum === null)
    return inconclusive(name, `the controller quorum cannot be read (${quorumTrouble ?? 'no answer'})`);
  if (!quorum.voters.some(({ id }) => id === nodeId)) return successful(name, `node ${nodeId} is no voter`);
  const { caughtUp, troubles } = judge(quorum);
  const remaining = caughtUp.filter((id) => id !== nodeId).length;
  const needed = majorityOf(quorum.voters.length);
  if (remaining >= needed)
    return successful(
      name,
      `${remaining} of ${quorum.voters.length} voters stay caught up without node ${nodeId}, ${needed} needed`,
    );
  if (isFragileQuorum(quorum.voters.length) && accepted.includes(quorumAcceptance) && troubles.length === 0)
    return successful(name, `no majority remains without node ${nodeId}, as accepted ("${quorumAcceptance}")`);
  const words = troubles.length > 0 ? `: ${troubles.join(', ')}` : '';
  return failed(
    name,
    `only ${remaining} of ${quorum.voters.length} voters would be caught up without node ${nodeId}, ${needed} needed${words}`,
  );
};
