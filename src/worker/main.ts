/** The worker: one process that carries out workflows and activities; start as many as you like. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { WorkerOptions } from '@temporalio/worker';
import { createActivities } from '../activities';
import { ClientError } from '../client/client-error';
import { payloadCodecs } from '../client/payload-codec';
import { temporalConfig } from '../client/temporal-config';
import type { TemporalFlags } from '../client/temporal-config';
import { webUiBase, workflowPage } from '../client/web-ui';
import { loadDefinitions } from '../config/load';
import { propertiesSha256 } from '../hosts/properties-bytes';
import { alertmanager } from '../notify/alertmanager';
import { HttpNoticeSender } from '../notify/http-notice-sender';
import { sha256, WarmClusterDirectory } from './cluster-directory';
import { createLogger, installTemporalLogging } from './logging';
import { readTemporalFacts } from './temporal-facts';
import { messageOf } from '../domain/common/message-of';

export interface RunWorkerOptions extends TemporalFlags {
  taskQueue: string;
  /** Directory of cluster definitions (YAML). */
  definitionsDirectory: string;
  /** Called when the worker polls for work. */
  onReady?: () => void;
  /** Stops the worker gracefully. */
  signal?: AbortSignal;
}

/**
 * Asked to stop, a worker takes no new work and lets running activities come to their safe point for this long; then they are
 * cancelled, which a gate heeds at once. A restart that has stopped its node does not: the process ends when the node is
 * back, or is killed by whoever deploys, and another worker takes over within 8 s. Deployments should allow 60 s.
 */
const shutdownGraceTime = '30s';

/**
 * One open poll for activities, and two for workflow tasks (one of them for the worker's own, sticky queue, which the SDK
 * asks for). A worker that is frozen, not dead, keeps its polls open, and the server hands each of them one more attempt,
 * which is lost until its heartbeat time-out: with one poll a frozen worker costs one detection and at most one lost attempt.
 * An upgrade does one thing at a time, so that one poll is enough; a poll is free again as soon as it has brought something.
 */
const polls = {
  activityTaskPollerBehavior: { type: 'simple-maximum', maximum: 1 },
  workflowTaskPollerBehavior: { type: 'simple-maximum', maximum: 2 },
  // How long a workflow task waits for the worker that has it in its cache before any other may take it.
  stickyQueueScheduleToStartTimeout: '5s',
} as const satisfies Partial<WorkerOptions>;

/**
 * Heartbeats carry what a next attempt must know (a stop was asked for) and bring back cancellations (an abort at a gate).
 * The SDK would hold them back for 12 s, four fifths of the heartbeat time-out.
 */
const maxHeartbeatThrottleInterval = '1s';

interface WorkerConnection {
  connection: NativeConnection;
  namespace: string;
  address: string;
}

const connect = async (options: RunWorkerOptions): Promise<WorkerConnection> => {
  const { connectionOptions, namespace } = temporalConfig(options);
  const { address } = connectionOptions;
  const connection = await NativeConnection.connect(connectionOptions).catch((error: unknown) => {
    throw new ClientError('unreachable', `The worker cannot reach Temporal at ${address}: ${messageOf(error)}.`, {
      hint: 'Check --address or TEMPORAL_ADDRESS, TLS and API key of the profile, and that the server runs.',
      cause: error,
    });
  });
  return { connection, namespace, address };
};

/** The bundle that the build made, or (in a checkout) the sources, bundled at start. */
const workflowSource = (): Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath' | 'interceptors'> => {
  const codePath = join(__dirname, '..', 'workflow-bundle.js');
  if (existsSync(codePath)) return { workflowBundle: { codePath } };
  return {
    workflowsPath: require.resolve('../workflows'),
    interceptors: { workflowModules: [require.resolve('../workflows/details-page')] },
  };
};

/** Where people look at a workflow, for the links in notices. */
const pagesOf = ({ address, namespace }: WorkerConnection): ((workflowId: string) => string | null) => {
  const base = webUiBase(address, process.env['TEMPORAL_UI_ADDRESS']);
  return (workflowId) => (base === null ? null : workflowPage(base, namespace, workflowId));
};

/** Works until the signal asks it to stop; asked before, it is never ready. */
const runUntilAborted = async (worker: Worker, signal: AbortSignal | undefined, onReady: () => void): Promise<void> => {
  const stop = (): void => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  signal?.addEventListener('abort', stop);
  if (signal?.aborted !== true) onReady();
  // Also when it was asked to stop by now: a worker lets go of its connection only at the end of a run.
  const running = worker.run();
  // The event came before there was a run to end, and comes once.
  if (signal?.aborted === true) stop();
  await running;
};

/** Runs until it is stopped; rejects before it polls when Temporal or a cluster definition is unusable. */
export const runWorker = async (options: RunWorkerOptions): Promise<void> => {
  const logger = createLogger();
  installTemporalLogging(logger);
  const definitions = await loadDefinitions(options.definitionsDirectory);
  const connected = await connect(options);
  const { connection, namespace } = connected;
  const clusters = new WarmClusterDirectory(options.definitionsDirectory);
  const notices = new HttpNoticeSender({ workflowPage: pagesOf(connected) });
  try {
    const temporal = await readTemporalFacts({
      connection,
      namespace,
      onTrouble: (message) => logger.warn(message),
    });
    if (options.signal?.aborted === true) return;
    const worker = await Worker.create({
      connection,
      namespace,
      taskQueue: options.taskQueue,
      ...workflowSource(),
      dataConverter: { payloadConverterPath: require.resolve('../workflows/payload-converter'), payloadCodecs },
      activities: {
        ...createActivities({ clusters, notices, silencer: alertmanager, sha256, propertiesSha256, temporal }),
      },
      shutdownGraceTime,
      ...polls,
      maxHeartbeatThrottleInterval,
    });
    await runUntilAborted(worker, options.signal, () => {
      logger.info(
        { namespace, taskQueue: options.taskQueue, clusters: definitions.map(({ cluster }) => cluster) },
        'worker ready',
      );
      options.onReady?.();
    });
  } finally {
    await clusters.close();
    await connection.close();
  }
};
