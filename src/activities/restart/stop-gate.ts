/**
 * The gate of a stop (I1), in the same activity as the stop: what was measured right before is what the stop relies on.
 *
 *   1. Can the node be started again afterwards: the file is as planned, the release is there.
 *   2. Read the host's clock, measure, assess; only when successful ask for the stop, which the host refuses when the
 *      measurement began more than 15 s ago by its own clock. Else measure again until the deadline.
 *   3. On the way to an older release the levels in force are read in the same gate: one that it does not know closes it.
 */
import type { BrokerProcess } from '../../domain/cluster/cluster';
import { capitalized, nodeWords } from '../../domain/cluster/node-words';
import { releaseProblem } from '../../domain/cluster/release';
import { isOlderRelease } from '../../domain/cluster/version';
import { UpgradeError } from '../../domain/common/failure';
import { checkLevels, forbiddenByLevels, withLevels } from '../../domain/health/assess-levels';
import { assessStop } from '../../domain/health/assess-stop';
import type { GateVerdict } from '../../domain/health/gate';
import { sameProcess } from '../../domain/restart/restart-record';
import type { BrokerHost, OperationContext } from '../../hosts/broker-host';
import { operationContext, report } from '../activity-context';
import type { ClusterAccess } from '../cluster-access';
import { configDrift } from '../config-drift';
import { isSilence } from '../contact-watch';
import type { RestartNodeInput } from '../contract';
import { measureCluster } from '../measure';
import { leaseOf } from '../open-cluster';
import { monotonicMs, nextPoll, pauseAfter } from '../poll';
import { levelsNow } from '../read-levels';

/** A measurement older than this is no reason to stop a broker. */
const maxGateAgeSeconds = 15;

/** While the gate is closed, the process is looked for this often (ms); it costs an SSH command. */
const processPollMs = 2_000;

/**
 * How the gate ended: the stop was asked for; it may have been, as the host's answer did not come; the process is gone, or
 * another one, without us; or it stayed closed.
 */
export type GateOutcome =
  | { status: 'asked' }
  | { status: 'unanswered' }
  | { status: 'another-process' }
  | { status: 'blocked'; verdict: GateVerdict };

/** May this node be stopped now, by all that can be measured? */
export const measureGate = async (
  access: ClusterAccess,
  input: RestartNodeInput,
  { signal }: OperationContext,
): Promise<GateVerdict> => {
  const measurement = await measureCluster(access, input.nodeId, { withMinIsr: true, signal });
  return assessStop(measurement, {
    nodeId: input.nodeId,
    minIsrMargin: input.policy.minIsrMargin,
    accepted: input.accepted,
    maybeSick: input.maybeSick,
  });
};

/** The same, and then, on the way to an older release, whether that knows every level in force. */
const judgeStop = async (access: ClusterAccess, input: RestartNodeInput): Promise<GateVerdict> => {
  const verdict = await measureGate(access, input, operationContext());
  const { fromVersion, toVersion, nodeId } = input;
  if (verdict.status !== 'successful' || !isOlderRelease(toVersion, fromVersion)) return verdict;
  // Of the files that of the node itself: it is the next to start.
  return withLevels(verdict, checkLevels(await levelsNow(access, [nodeId]), toVersion));
};

const tooSlow: GateVerdict = {
  status: 'inconclusive',
  message: `every measurement was more than ${maxGateAgeSeconds} s old when the host got the stop; look at its load and the network to it`,
  checks: [],
};

/** A release that somebody cleaned up would leave the node down after its stop, above all on the way back. */
const refuseMissingRelease = async (access: ClusterAccess, input: RestartNodeInput): Promise<void> => {
  const { nodeId, roles, toVersion } = input;
  const host = access.host(nodeId);
  const found = await host.findRelease(toVersion, operationContext());
  const problem = releaseProblem(found, access.definition.paths.releases, toVersion);
  if (problem === null) return;
  const who = nodeWords(roles, nodeId);
  throw new UpgradeError(
    'ReleaseMissing',
    `${host.address}: ${problem}, and ${who} has to be started with it. ${capitalized(who)} was not stopped.`,
  );
};

/** The file as it is now; one that is not as planned would leave the node down after its stop. */
const plannedFile = async (host: BrokerHost, { edit }: RestartNodeInput): Promise<{ text: string; sha256: string }> => {
  const file = await host.readProperties(operationContext());
  const planned = [edit.fromSha256, edit.toSha256];
  if (!planned.includes(file.sha256)) throw configDrift(host.address, file.sha256, edit.toSha256);
  return file;
};

/** What a restart needs is there: resolves to server.properties as it is. Rejects while the node is still up. */
export const rehearse = async (
  access: ClusterAccess,
  input: RestartNodeInput,
): Promise<{ text: string; sha256: string }> => {
  const [file] = await Promise.all([
    plannedFile(access.host(input.nodeId), input),
    refuseMissingRelease(access, input),
  ]);
  return file;
};

/** `too-old`: the host found the measurement too old, and it is taken again. */
const askToStop = async (
  host: BrokerHost,
  input: RestartNodeInput,
  request: { process: BrokerProcess; gateBegan: { bootId: string; uptimeSeconds: number } },
): Promise<'asked' | 'unanswered' | 'too-old'> => {
  try {
    // No cancellation from here on: the stop is either refused or carried to its end.
    await host.requestStop(leaseOf(input.fence), { ...request, restart: input.restart, maxGateAgeSeconds });
    return 'asked';
  } catch (error) {
    if (error instanceof UpgradeError && error.type === 'GateTooOld') return 'too-old';
    if (isSilence(error)) return 'unanswered';
    throw error;
  }
};

/** Measures until the stop is allowed and was accepted by the host, the process is another, or the deadline passes. */
export const gateAndAsk = async (
  access: ClusterAccess,
  input: RestartNodeInput,
  process: BrokerProcess,
): Promise<GateOutcome> => {
  const { policy } = input;
  const who = nodeWords(input.roles, input.nodeId);
  const host = access.host(input.nodeId);
  const deadline = monotonicMs() + policy.healthyDeadlineMs;
  let nextLook = monotonicMs() + processPollMs;
  for (;;) {
    const gateBegan = await host.clock(operationContext());
    const lookedAt = monotonicMs();
    const verdict = await judgeStop(access, input);
    const lookMs = monotonicMs() - lookedAt;
    report(`gate before stopping ${who}: ${verdict.message}`, { verdict });
    if (verdict.status === 'successful') {
      report(`stopping ${who}`);
      const status = await askToStop(host, input, { process, gateBegan });
      if (status !== 'too-old') return { status };
    } else if (monotonicMs() > nextLook) {
      // The gate may be closed because this very broker has stopped: it would stay closed for ever.
      nextLook = monotonicMs() + processPollMs;
      const seen = await host.findProcess(operationContext());
      if (!sameProcess(seen, process)) return { status: 'another-process' };
    }
    // A level that was raised does not fall by itself.
    if (forbiddenByLevels(verdict)) return { status: 'blocked', verdict };
    if (monotonicMs() > deadline) {
      return { status: 'blocked', verdict: verdict.status === 'successful' ? tooSlow : verdict };
    }
    await nextPoll(pauseAfter(lookMs, policy.pollIntervalMs));
  }
};
