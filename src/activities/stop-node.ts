/**
 * Gate and stop in one activity (I1): what was measured right before is what the stop relies on.
 *
 *   1. No process: it is stopped already (an earlier attempt, or a person). Read its traces.
 *   2. A process whose stop was asked for, and that shows it: wait for it.
 *   3. Otherwise look whether the node can be started again afterwards: the file is as planned, the release is there.
 *      Then read the host's clock, measure, assess; only when successful ask for the stop, which the host refuses when
 *      the measurement began more than 15 s ago by its own clock. Else measure again until the deadline.
 *      On the way to an older release the levels in force are read in the same gate: one that it does not know closes it.
 *   4. Wait for the exit; never kill.
 *   5. Clean: `.kafka_cleanshutdown` in every log directory (kafka.log.LogManager writes it at the end of a clean stop).
 */
import { checkLevels, forbiddenByLevels, withLevels } from '../domain/health/assess-levels';
import { assessStop } from '../domain/health/assess-stop';
import type { BrokerProcess } from '../domain/cluster/cluster';
import { UpgradeError } from '../domain/common/failure';
import { capitalized, nodeWords } from '../domain/cluster/node-words';
import { releaseProblem } from '../domain/cluster/release';
import type { GateVerdict } from '../domain/health/gate';
import type { BrokerHost, StopTrace } from '../hosts/broker-host';
import { leftBehind, operationContext, report } from './activity-context';
import type { ActivityDependencies, ClusterAccess } from './cluster-access';
import type { StopNodeInput, StopNodeResult } from './contract';
import { measureCluster } from './measure';
import { configDrift } from './config-drift';
import { leaseOf, openPlanned } from './open-cluster';
import { monotonicMs, nextPoll, pauseAfter } from './poll';
import { levelsNow } from './read-levels';

/** A measurement older than this is no reason to stop a broker. */
const maxGateAgeSeconds = 15;

/** While the gate is closed, the process is looked for this often (ms); it costs an SSH command. */
const processPollMs = 2_000;

/** Is it the very same process? A pid may be another's by now. */
export const sameProcess = (a: BrokerProcess | null, b: BrokerProcess | null): boolean =>
  a !== null && b !== null && a.pid === b.pid && a.startTicks === b.startTicks;

const asProcess = (details: unknown): BrokerProcess | null =>
  typeof details === 'object' && details !== null && 'pid' in details && 'startTicks' in details
    ? { pid: Number(details.pid), startTicks: Number(details.startTicks) }
    : null;

type GateOutcome =
  | { status: 'asked'; process: BrokerProcess; askedAtMs: number }
  | { status: 'gone' }
  | { status: 'blocked'; verdict: GateVerdict };

const measureGate = async (access: ClusterAccess, input: StopNodeInput): Promise<GateVerdict> => {
  const { signal } = operationContext();
  const measurement = await measureCluster(access, input.nodeId, { withMinIsr: true, signal });
  return assessStop(measurement, {
    nodeId: input.nodeId,
    minIsrMargin: access.definition.policy.minIsrMargin,
    accepted: input.accepted,
    maybeSick: input.maybeSick,
  });
};

/** The gate of a stop, measured now: the cluster first, then, on the way to an older release, the levels in force. */
const judgeStop = async (access: ClusterAccess, input: StopNodeInput): Promise<GateVerdict> => {
  const verdict = await measureGate(access, input);
  if (verdict.status !== 'successful' || input.olderRelease === null) return verdict;
  // Of the files that of the node itself: it is the next to start.
  return withLevels(verdict, checkLevels(await levelsNow(access, [input.nodeId]), input.olderRelease));
};

const tooSlow: GateVerdict = {
  status: 'inconclusive',
  message: `every measurement was more than ${maxGateAgeSeconds} s old when the host got the stop; look at its load and the network to it`,
  checks: [],
};

/** Measures until the stop is allowed and was accepted by the host, the broker is gone, or the deadline passes. */
const gateAndAsk = async (access: ClusterAccess, input: StopNodeInput, found: BrokerProcess): Promise<GateOutcome> => {
  const { policy } = access.definition;
  const host = access.host(input.nodeId);
  const deadline = monotonicMs() + policy.healthyDeadlineMs;
  let nextLook = monotonicMs() + processPollMs;
  let process = found;
  for (;;) {
    const gateBegan = await host.clock(operationContext());
    const lookedAt = monotonicMs();
    const verdict = await judgeStop(access, input);
    const lookMs = monotonicMs() - lookedAt;
    report(`gate before stopping ${nodeWords(input.roles, input.nodeId)}: ${verdict.message}`, { verdict });
    if (verdict.status === 'successful') {
      report(`stopping ${nodeWords(input.roles, input.nodeId)}`, { stopping: process });
      if (await askToStop(host, input, { process, gateBegan })) {
        return { status: 'asked', process, askedAtMs: monotonicMs() };
      }
    } else if (monotonicMs() > nextLook) {
      // The gate may be closed because this very broker has stopped: it would stay closed for ever.
      nextLook = monotonicMs() + processPollMs;
      const seen = await host.findProcess(operationContext());
      if (seen === null) return { status: 'gone' };
      process = seen;
    }
    // A level that was raised does not fall by itself.
    if (forbiddenByLevels(verdict)) return { status: 'blocked', verdict };
    if (monotonicMs() > deadline) {
      return { status: 'blocked', verdict: verdict.status === 'successful' ? tooSlow : verdict };
    }
    await nextPoll(pauseAfter(lookMs, policy.pollIntervalMs));
  }
};

/** False when the host found the measurement too old: then it is taken again. */
const askToStop = async (
  host: BrokerHost,
  input: StopNodeInput,
  request: { process: BrokerProcess; gateBegan: { bootId: string; uptimeSeconds: number } },
): Promise<boolean> => {
  try {
    // No cancellation from here on: the stop is either refused or carried to its end.
    await host.requestStop(leaseOf(input.fence), { ...request, maxGateAgeSeconds });
    return true;
  } catch (error) {
    if (error instanceof UpgradeError && error.type === 'GateTooOld') return false;
    throw error;
  }
};

type Stopped = Extract<StopNodeResult, { status: 'stopped' }>;

type StoppedNode = Pick<StopNodeInput, 'nodeId' | 'roles' | 'logDirectories'>;

/** An isolated controller has no log directories of a broker, and so no marker: its metadata log is always recovered. */
const controllerStopped = (input: StoppedNode, stopMs: number): Stopped => ({
  status: 'stopped',
  stopMs,
  clean: true,
  evidence: [`controller ${input.nodeId} ended ${(stopMs / 1000).toFixed(1)} s after it was asked to stop`],
});

const stoppedResult = (input: StoppedNode, trace: StopTrace, stopMs: number): Stopped => {
  if (!input.roles.includes('broker')) return controllerStopped(input, stopMs);
  const missing = trace.cleanShutdownMarkers.filter(({ present }) => !present).map(({ directory }) => directory);
  const clean = missing.length === 0 && trace.cleanShutdownMarkers.length > 0;
  const words = clean
    ? `stopped cleanly in ${(stopMs / 1000).toFixed(1)} s; .kafka_cleanshutdown is in ${trace.cleanShutdownMarkers.length} log directories`
    : `stopped, but not cleanly: .kafka_cleanshutdown is missing in ${missing.join(', ') || 'unknown log directories'}; log tail: ${trace.logTail.slice(-500)}`;
  return { status: 'stopped', stopMs, clean, evidence: [`broker ${input.nodeId} ${words}`] };
};

const awaitStopped = async (access: ClusterAccess, input: StoppedNode, process: BrokerProcess): Promise<boolean> => {
  report(`${nodeWords(input.roles, input.nodeId)} is shutting down`, { stopping: process });
  return access.host(input.nodeId).awaitExit(process, access.definition.policy.stopTimeoutMs, {
    onProgress: (message) => {
      report(`${nodeWords(input.roles, input.nodeId)} is shutting down: ${message}`, { stopping: process });
    },
  });
};

/** Waits for the end of a process whose stop was asked for, if it is not gone yet, and reads the traces of it. */
export const carryToEnd = async (
  access: ClusterAccess,
  input: StoppedNode,
  asked: { process: BrokerProcess; askedAtMs: number } | null,
): Promise<Exclude<StopNodeResult, { status: 'blocked' }>> => {
  const host = access.host(input.nodeId);
  let stopMs = 0;
  if (asked !== null) {
    const { process, askedAtMs } = asked;
    if (!(await awaitStopped(access, input, process))) {
      return { status: 'still-stopping', process, evidence: [await host.logTail(20)] };
    }
    stopMs = Math.round(monotonicMs() - askedAtMs);
  }
  access.gauges.reset(input.nodeId);
  const [trace] = await Promise.all([host.stopTrace(input.logDirectories), access.kafka.forget(input.nodeId)]);
  return stoppedResult(input, trace, stopMs);
};

/**
 * Was the stop of this process asked for already? An earlier attempt may have died between saying so and doing it, or its
 * connection may: a broker that is as healthy as the gate wants it to be was never asked.
 */
const isStopping = async (access: ClusterAccess, input: StopNodeInput, process: BrokerProcess): Promise<boolean> => {
  const asked = asProcess(leftBehind('stopping')) ?? input.stopping;
  return sameProcess(process, asked) && (await measureGate(access, input)).status !== 'successful';
};

/** A file that is not as planned would leave the node down after its stop. */
const refuseDrift = async (host: BrokerHost, plannedSha256s: string[]): Promise<void> => {
  const { sha256 } = await host.readProperties(operationContext());
  if (!plannedSha256s.includes(sha256)) throw configDrift(host.address, sha256, plannedSha256s.at(-1) ?? '');
};

/** A release that somebody cleaned up would leave the node down after its stop, above all on the way back. */
const refuseMissingRelease = async (
  access: ClusterAccess,
  { nodeId, roles, release }: StopNodeInput,
): Promise<void> => {
  if (release === undefined) return;
  const host = access.host(nodeId);
  const found = await host.findRelease(release, operationContext());
  const problem = releaseProblem(found, access.definition.paths.releases, release);
  if (problem === null) return;
  const who = nodeWords(roles, nodeId);
  throw new UpgradeError(
    'ReleaseMissing',
    `${host.address}: ${problem}, and ${who} has to be started with it. ${capitalized(who)} was not stopped.`,
  );
};

/** Stops one node when it is safe; see the steps above. */
export const stopNode = async (dependencies: ActivityDependencies, input: StopNodeInput): Promise<StopNodeResult> => {
  const access = await openPlanned(dependencies, input);
  const host = access.host(input.nodeId);
  const found = await host.findProcess(operationContext());
  let outcome: GateOutcome = { status: 'gone' };
  if (found !== null) {
    if (await isStopping(access, input, found)) {
      outcome = { status: 'asked', process: found, askedAtMs: monotonicMs() };
    } else {
      await refuseDrift(host, input.plannedSha256s);
      await refuseMissingRelease(access, input);
      outcome = await gateAndAsk(access, input, found);
    }
  }
  if (outcome.status === 'blocked') return outcome;
  return carryToEnd(access, input, outcome.status === 'asked' ? outcome : null);
};
