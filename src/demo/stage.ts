/** Everything an upgrade needs around it: Temporal, a cluster on hosts of its own, a worker, and live traffic. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectTemporal } from '../client/connect';
import type { TemporalSession } from '../client/connect';
import { defaultTaskQueue, UpgradeClient } from '../client/upgrade-client';
import { labUp } from '../lab/lab';
import type { Lab, LabMode, LabOptions } from '../lab/lab';
import { startTraffic } from '../lab/traffic/traffic';
import type { Traffic } from '../lab/traffic/traffic';
import { readBrokerFacts } from './broker-facts';
import type { BrokerFacts } from './broker-facts';
import { Cleanup } from './cleanup';
import { demoTemporal, durableTemporal } from './temporal';
import type { DemoTemporal, DurableTemporal } from './temporal';
import { startWorkerProcess } from './worker-process';
import type { WorkerProcess } from './worker-process';

export interface StageOptions {
  from: string;
  to: string;
  mode: LabMode;
  brokers: number;
  /** Of their own, in mode `kraft-isolated`. */
  controllers: number;
  /** The stage is to outlive this process (`leave`). */
  keep: boolean;
  /** Temporal is a server of the stage's own that can be killed and started again on its histories. */
  durable?: boolean;
  /** What else differs from an ordinary lab. */
  lab?: Pick<LabOptions, 'properties' | 'controllerProperties' | 'features' | 'metadataVersion'>;
  log: (line: string) => void;
  signal?: AbortSignal | undefined;
}

/** A stage that is set. Close it in any case: it stops everything in the right order. */
export interface Stage {
  /** Holds the logs and, below `lab`, everything of the hosts. */
  directory: string;
  cluster: string;
  lab: Lab;
  temporal: DemoTemporal;
  /** The same, when the stage was asked for one that can be out. */
  durableTemporal: DurableTemporal | null;
  session: TemporalSession;
  client: UpgradeClient;
  taskQueue: string;
  traffic: Traffic;
  /** The worker that was started last. */
  worker: () => WorkerProcess;
  /** Starts another worker, beside the others that still run. */
  startWorker: () => Promise<WorkerProcess>;
  /** What the brokers said before anything was done to them. */
  before: BrokerFacts[];
  /** What the brokers say now. */
  facts: () => Promise<BrokerFacts[]>;
  /** Stops everything; with `keepFiles` the directory stays for a look at the logs. */
  close: (options?: { keepFiles?: boolean }) => Promise<void>;
  /** Lets everything outlive this process; returns how to stop it. */
  leave: () => Promise<string[]>;
}

interface Names {
  cluster: string;
  taskQueue: string;
}

/** On a server that others use too, two demos must not meet: the cluster's name is the lock. */
const chooseNames = (temporal: DemoTemporal): Names => {
  if (temporal.pid !== null) return { cluster: 'lab', taskQueue: defaultTaskQueue };
  const cluster = `lab-${randomBytes(3).toString('hex')}`;
  return { cluster, taskQueue: `${defaultTaskQueue}-${cluster}` };
};

/** What of the files goes away with the stage; decided when it is closed. */
interface Files {
  directory: string;
  keep: boolean;
}

const openFiles = async (cleanup: Cleanup): Promise<Files> => {
  const files = { directory: await mkdtemp(join(tmpdir(), 'kafka-upgrade-demo-')), keep: false };
  cleanup.add('the log', async () => {
    if (!files.keep) await rm(files.directory, { recursive: true, force: true });
  });
  return files;
};

type StageTemporal = Pick<Stage, 'temporal' | 'durableTemporal'>;

const startTemporal = async ({ keep, durable, log }: StageOptions, { directory }: Files): Promise<StageTemporal> => {
  if (durable === true) {
    const temporal = await durableTemporal({ log, dbFile: join(directory, 'temporal.db') });
    return { temporal, durableTemporal: temporal };
  }
  const outliveTo = keep ? join(directory, 'temporal.log') : null;
  return { temporal: await demoTemporal({ log, outliveTo }), durableTemporal: null };
};

const openTemporal = async (options: StageOptions, files: Files, cleanup: Cleanup): Promise<StageTemporal> => {
  const started = await startTemporal(options, files);
  cleanup.add('Temporal', started.temporal.stop);
  options.signal?.throwIfAborted();
  return started;
};

/** Workers of a stage, all of which end with it. */
const openWorkers = (
  start: () => Promise<WorkerProcess>,
  cleanup: Cleanup,
): { startWorker: () => Promise<WorkerProcess>; worker: () => WorkerProcess } => {
  const workers: WorkerProcess[] = [];
  cleanup.add('the workers', async () => {
    await Promise.all(workers.map((worker) => worker.stop()));
  });
  return {
    startWorker: async () => {
      const worker = await start();
      workers.push(worker);
      return worker;
    },
    worker: () => {
      const last = workers.at(-1);
      if (last === undefined) throw new Error('No worker was started.');
      return last;
    },
  };
};

const openLab = async (options: StageOptions & { cluster: string }, files: Files, cleanup: Cleanup): Promise<Lab> => {
  const { from, to, mode, brokers, controllers, cluster, log, signal } = options;
  const lab = await labUp({
    ...options.lab,
    directory: join(files.directory, 'lab'),
    cluster,
    mode,
    brokers,
    controllers,
    release: from,
    stagedReleases: [to],
    log,
    ...(signal === undefined ? {} : { signal }),
  });
  cleanup.add('the cluster and its hosts', () => lab.down({ keepFiles: files.keep }));
  return lab;
};

const openSession = async (temporal: DemoTemporal, cleanup: Cleanup): Promise<TemporalSession> => {
  const { address, namespace, webUi } = temporal;
  const session = await connectTemporal({ address, namespace, webUi: webUi ?? undefined });
  cleanup.add('the connection to Temporal', session.close);
  return session;
};

const openTraffic = async (lab: Lab, { log, signal }: StageOptions, cleanup: Cleanup): Promise<Traffic> => {
  log('starting a producer and a consumer');
  const traffic = await startTraffic({ lab, log, ...(signal === undefined ? {} : { signal }) });
  cleanup.add('the traffic', () => traffic.stop());
  return traffic;
};

const build = async (options: StageOptions, cleanup: Cleanup): Promise<Stage> => {
  const { log, signal } = options;
  const files = await openFiles(cleanup);
  const { temporal, durableTemporal } = await openTemporal(options, files, cleanup);
  const { cluster, taskQueue } = chooseNames(temporal);
  const lab = await openLab({ ...options, cluster }, files, cleanup);
  const { definitionsDirectory } = lab;
  const facts = (): Promise<BrokerFacts[]> => readBrokerFacts({ definitionsDirectory, cluster, signal });
  log('asking every broker for its version and protocol');
  const before = await facts();
  log('starting the worker');
  const logFile = join(files.directory, 'worker.log');
  const workers = openWorkers(
    () => startWorkerProcess({ ...temporal, taskQueue, definitionsDirectory, logFile, signal }),
    cleanup,
  );
  log(`worker runs: process ${(await workers.startWorker()).pid}, log ${logFile}`);
  const session = await openSession(temporal, cleanup);
  const traffic = await openTraffic(lab, options, cleanup);
  return {
    directory: files.directory,
    cluster,
    lab,
    temporal,
    durableTemporal,
    session,
    client: new UpgradeClient(session, cluster),
    taskQueue,
    traffic,
    ...workers,
    before,
    facts,
    close: ({ keepFiles = false } = {}) => {
      files.keep = keepFiles;
      return cleanup.run();
    },
    leave: () => leave({ files, lab, temporal, worker: workers.worker() }),
  };
};

/** Lets the worker go, and tells how to stop everything in the right order. */
const leave = async (left: {
  files: Files;
  lab: Lab;
  temporal: DemoTemporal;
  worker: WorkerProcess;
}): Promise<string[]> => {
  const { files, lab, temporal, worker } = left;
  await worker.leave();
  return [
    `kill ${worker.pid}   # the worker`,
    `npx kafka-upgrade lab down --directory ${lab.directory}`,
    ...(temporal.pid === null ? [] : [`kill ${temporal.pid}   # Temporal`]),
    `rm -r ${files.directory}   # the logs`,
  ];
};

/** Sets the stage; what was started is stopped again when a later part fails. */
export const openStage = async (options: StageOptions): Promise<Stage> => {
  const cleanup = new Cleanup(options.log);
  try {
    return await build(options, cleanup);
  } catch (error) {
    await cleanup.run();
    throw error;
  }
};
