/** Starts one node and waits until it listens; a broker that recovers its logs is waited for, never restarted. */
import { UpgradeError } from '../domain/common/failure';
import type { BrokerProcess } from '../domain/cluster/cluster';
import { recoveryProgress } from '../domain/health/log-recovery';
import { capitalized } from '../domain/cluster/node-words';
import { brokersOf } from '../domain/cluster/node-roles';
import { operationContext, report } from './activity-context';
import type { ActivityDependencies, ClusterAccess } from './cluster-access';
import type { StartNodeInput, StartNodeResult } from './contract';
import { leaseOf, openPlanned, wordsFor } from './open-cluster';
import { monotonicMs, nextPoll } from './poll';

/** Connecting to a local port costs nothing; a JVM that listens should be noticed at once. */
const listenPollMs = 40;
/** Asking the host for the process costs an SSH command. */
const processPollMs = 2_000;
/** BrokerState 2 of org.apache.kafka.metadata.BrokerState. */
const recovery = 2;
/** A freshly loaded gauge while the broker boots may be this old. */
const gaugeAgeMs = 2_000;

const startFailed = async (
  access: ClusterAccess,
  input: StartNodeInput,
  { seen, type = 'StartFailed' }: { seen: string; type?: 'StartFailed' | 'StartTimedOut' },
): Promise<UpgradeError> => {
  const host = access.host(input.nodeId);
  const tail = await host.logTail(15);
  return new UpgradeError(
    type,
    `${capitalized(wordsFor(access, input.nodeId))} on ${host.address} did not start: ${seen}. Log: ${tail.slice(-1_500)}`,
  );
};

const limitMs = (access: ClusterAccess, nodeId: number): number => {
  const { policy } = access.definition;
  const recovering = access.gauges.latest(nodeId, gaugeAgeMs)?.brokerState === recovery;
  return recovering ? Math.max(policy.startTimeoutMs, policy.healthyDeadlineMs) : policy.startTimeoutMs;
};

/** Lines of server.log that are looked at for the progress of a recovery. */
const recoveryLines = 60;

/** What the start is at, with how far the recovery of its logs is. */
const startWords = async (
  access: ClusterAccess,
  { nodeId }: StartNodeInput,
): Promise<{ words: string; progress: string | null }> => {
  const progress = recoveryProgress(await access.host(nodeId).logTail(recoveryLines, operationContext()));
  const recovering = progress === null ? '' : `; it recovers its logs, which is never interrupted: ${progress}`;
  return { words: recovering, progress };
};

const awaitListening = async (access: ClusterAccess, input: StartNodeInput, process: BrokerProcess): Promise<void> => {
  const { nodeId } = input;
  const began = monotonicMs();
  let nextProcessLook = began + processPollMs;
  // A recovery has no deadline of its own, but must go on: the limit runs from its last progress.
  let [progress, progressedAt]: [string | null, number] = [null, began];
  while (!(await access.isListening(nodeId))) {
    const now = monotonicMs();
    if (now > nextProcessLook) {
      nextProcessLook = now + processPollMs;
      const seen = await startWords(access, input);
      if (seen.progress !== null && seen.progress !== progress) [progress, progressedAt] = [seen.progress, now];
      const startingFor = `is starting, ${Math.round((now - began) / 1000)} s`;
      report(`${wordsFor(access, nodeId)} (pid ${process.pid}) ${startingFor}${seen.words}`);
      const found = await access.host(nodeId).findProcess(operationContext());
      if (found?.pid !== process.pid) {
        throw await startFailed(access, input, { seen: `process ${process.pid} is gone` });
      }
    }
    if (now - progressedAt > limitMs(access, nodeId)) {
      const waited = `it does not listen after ${Math.round((now - began) / 1000)} s`;
      const seen = `${waited}; process ${process.pid} still runs and is never killed, so end it by hand before \`retry\``;
      throw await startFailed(access, input, { seen, type: 'StartTimedOut' });
    }
    await nextPoll(listenPollMs);
  }
};

/** Longer than a session of ZooKeeper lives without its broker (zookeeper.session.timeout.ms: 18 s by default). */
const sessionLimitMs = 60_000;

const isRegistered = async (access: ClusterAccess, nodeId: number): Promise<boolean> => {
  const { signal } = operationContext();
  const others = brokersOf(access.definition).filter((id) => id !== nodeId);
  const answers = await Promise.allSettled(others.map((id) => access.kafka.metadata(id, signal)));
  return answers.some(
    (answer) => answer.status === 'fulfilled' && answer.value.brokers.some(({ id }) => id === nodeId),
  );
};

/**
 * After an unclean stop the session of the dead broker lives on in ZooKeeper for a while, and a broker that is started
 * meanwhile ends at once: its id is taken (KafkaZkClient: NodeExistsException). So it is waited out.
 */
const awaitSessionEnd = async (access: ClusterAccess, nodeId: number): Promise<void> => {
  if (access.definition.mode === 'kraft') return;
  const deadline = monotonicMs() + sessionLimitMs;
  while (monotonicMs() < deadline && (await isRegistered(access, nodeId))) {
    if ((await access.host(nodeId).findProcess(operationContext())) !== null) return;
    report(`${wordsFor(access, nodeId)} is still registered in ZooKeeper; its session must end before it can start`);
    await nextPoll(access.definition.policy.pollIntervalMs);
  }
};

/** Starts the node unless it runs; resolves when its Kafka listener accepts connections. */
export const startNode = async (
  dependencies: ActivityDependencies,
  input: StartNodeInput,
): Promise<StartNodeResult> => {
  const access = await openPlanned(dependencies, input);
  const host = access.host(input.nodeId);
  await awaitSessionEnd(access, input.nodeId);
  report(`starting ${wordsFor(access, input.nodeId)}`);
  const { process, changed, evidence } = await host.start(leaseOf(input.fence), operationContext());
  access.gauges.open(input.nodeId);
  const began = monotonicMs();
  await awaitListening(access, input, process);
  return { startMs: changed ? Math.round(monotonicMs() - began) : 0, process, evidence: [evidence] };
};
