/** Waits until a process that was started listens; a broker that recovers its logs is waited for, never restarted. */
import { setTimeout as pause } from 'node:timers/promises';
import type { BrokerProcess } from '../../domain/cluster/cluster';
import { brokersOf } from '../../domain/cluster/node-roles';
import { capitalized } from '../../domain/cluster/node-words';
import { recoveryProgress } from '../../domain/health/log-recovery';
import type { RestartCause } from '../../domain/restart/restart-record';
import { report, steadyContext } from '../activity-context';
import type { ClusterAccess } from '../cluster-access';
import type { RestartNodeInput } from '../contract';
import { wordsFor } from '../open-cluster';
import { monotonicMs } from '../poll';

/** Connecting to a local port costs nothing; a JVM that listens should be noticed at once. */
const listenPollMs = 40;
/** Asking the host for the process costs an SSH command. */
const processPollMs = 2_000;
/** BrokerState 2 of org.apache.kafka.metadata.BrokerState. */
const recovery = 2;
/** A freshly loaded gauge while the broker boots may be this old. */
const gaugeAgeMs = 2_000;
/** Lines of server.log that are looked at for the progress of a recovery. */
const recoveryLines = 60;

/** What became of a start: it listens, its process is gone, or it runs and does not listen in time. */
export type StartEnd = { status: 'listening' } | { status: 'died' | 'deaf'; cause: RestartCause };

/** A process that was brought up, and how long it had run when that was seen (ms); null when it was not seen then. */
export interface Started {
  process: BrokerProcess;
  runsForMs: number | null;
  seenAtMs: number;
}

/** How long a process has run by now (ms); 0 for one that was not seen to start. */
export const runsForMs = (started: Started | null, { pid }: BrokerProcess): number => {
  if (started?.process.pid !== pid || started.runsForMs === null) return 0;
  return Math.round(started.runsForMs + monotonicMs() - started.seenAtMs);
};

/** The words for a start that failed, with the tail of the log. */
export const startFailure = async (
  access: ClusterAccess,
  nodeId: number,
  { seen, type = 'StartFailed' }: { seen: string; type?: 'StartFailed' | 'StartTimedOut' },
): Promise<RestartCause> => {
  const host = access.host(nodeId);
  const tail = await host.logTail(15);
  const who = capitalized(wordsFor(access, nodeId));
  return { type, message: `${who} on ${host.address} did not start: ${seen}. Log: ${tail.slice(-1_500)}` };
};

const limitMs = (access: ClusterAccess, { nodeId, policy }: RestartNodeInput): number => {
  const recovering = access.gauges.latest(nodeId, gaugeAgeMs)?.brokerState === recovery;
  return recovering ? Math.max(policy.startTimeoutMs, policy.healthyDeadlineMs) : policy.startTimeoutMs;
};

/** One start that is waited for; whoever is interrupted goes on where it was. */
export class StartWait {
  private readonly began = monotonicMs();
  private nextProcessLook = this.began + processPollMs;
  // A recovery has no deadline of its own, but must go on: the limit runs from its last progress.
  private progress: string | null = null;
  private progressedAt = this.began;

  constructor(
    private readonly access: ClusterAccess,
    private readonly input: RestartNodeInput,
    readonly process: BrokerProcess,
  ) {}

  async wait(): Promise<StartEnd> {
    const { nodeId } = this.input;
    while (!(await this.access.isListening(nodeId))) {
      const now = monotonicMs();
      if (now > this.nextProcessLook) {
        this.nextProcessLook = now + processPollMs;
        await this.tellProgress(now);
        const found = await this.access.host(nodeId).findProcess(steadyContext());
        if (found?.pid !== this.process.pid) return this.died();
      }
      if (now - this.progressedAt > limitMs(this.access, this.input)) return this.deaf(now);
      await pause(listenPollMs);
    }
    return { status: 'listening' };
  }

  private async tellProgress(now: number): Promise<void> {
    const { nodeId } = this.input;
    const progress = recoveryProgress(await this.access.host(nodeId).logTail(recoveryLines, steadyContext()));
    if (progress !== null && progress !== this.progress) [this.progress, this.progressedAt] = [progress, now];
    const recovering = progress === null ? '' : `; it recovers its logs, which is never interrupted: ${progress}`;
    const seconds = Math.round((now - this.began) / 1000);
    report(`${wordsFor(this.access, nodeId)} (pid ${this.process.pid}) is starting, ${seconds} s${recovering}`, {
      step: 'starting',
    });
  }

  private async died(): Promise<StartEnd> {
    const seen = `process ${this.process.pid} is gone`;
    return { status: 'died', cause: await startFailure(this.access, this.input.nodeId, { seen }) };
  }

  private async deaf(now: number): Promise<StartEnd> {
    const waited = `it does not listen after ${Math.round((now - this.began) / 1000)} s`;
    const seen = `${waited}; process ${this.process.pid} still runs and is never killed, so end it by hand before \`retry\``;
    return {
      status: 'deaf',
      cause: await startFailure(this.access, this.input.nodeId, { seen, type: 'StartTimedOut' }),
    };
  }
}

/** Longer than a session of ZooKeeper lives without its broker (zookeeper.session.timeout.ms: 18 s by default). */
const sessionLimitMs = 60_000;

const isRegistered = async (access: ClusterAccess, nodeId: number): Promise<boolean> => {
  const others = brokersOf(access.definition).filter((id) => id !== nodeId);
  const answers = await Promise.allSettled(others.map((id) => access.kafka.metadata(id)));
  return answers.some(
    (answer) => answer.status === 'fulfilled' && answer.value.brokers.some(({ id }) => id === nodeId),
  );
};

/**
 * After an unclean stop the session of the dead broker lives on in ZooKeeper for a while, and a broker that is started
 * meanwhile ends at once: its id is taken (KafkaZkClient: NodeExistsException). So it is waited out.
 */
export const awaitSessionEnd = async (access: ClusterAccess, { nodeId, policy }: RestartNodeInput): Promise<void> => {
  if (access.definition.mode === 'kraft') return;
  const deadline = monotonicMs() + sessionLimitMs;
  while (monotonicMs() < deadline && (await isRegistered(access, nodeId))) {
    if ((await access.host(nodeId).findProcess(steadyContext())) !== null) return;
    report(`${wordsFor(access, nodeId)} is still registered in ZooKeeper; its session must end before it can start`);
    await pause(policy.pollIntervalMs);
  }
};
