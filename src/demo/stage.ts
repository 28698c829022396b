/** Everything an upgrade needs around it: Temporal, a cluster on hosts of its own, a worker, and live traffic. */
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectTemporal } from '../client/connect';
import type { TemporalSession } from '../client/connect';
import { defaultTaskQueue, UpgradeClient } from '../client/upgrade-client';
import { labUp } from '../lab/lab';
import type { Lab } from '../lab/lab';
import { startTraffic } from '../lab/traffic/traffic';
import type { Traffic } from '../lab/traffic/traffic';
import { readBrokerFacts } from './broker-facts';
import type { BrokerFacts } from './broker-facts';
import { Cleanup } from './cleanup';
import { demoTemporal } from './temporal';
import type { DemoTemporal } from './temporal';
import { startWorkerProcess } from './worker-process';
import type { WorkerProcess } from './worker-process';

export interface StageOptions {
  from: string;
  to: string;
  brokers: number;
  /** Where the lab and all logs are; default: a new temporary directory. */
  directory?: string | undefined;
  /** The stage is to outlive this process (`leave`). */
  keep: boolean;
  log: (line: string) => void;
  signal?: AbortSignal | undefined;
}

/** A stage that is set. Close it in any case: it stops everything in the right order. */
export interface Stage {
  cluster: string;
  lab: Lab;
  temporal: DemoTemporal;
  session: TemporalSession;
  client: UpgradeClient;
  taskQueue: string;
  traffic: Traffic;
  /** The worker of the moment. */
  worker: () => WorkerProcess;
  /** Starts another worker, after the one before was killed. */
  startWorker: () => Promise<WorkerProcess>;
  /** What the brokers said before anything was done to them. */
  before: BrokerFacts[];
  /** What the brokers say now. */
  facts: () => Promise<BrokerFacts[]>;
  close: () => Promise<void>;
  /** Lets everything outlive this process; returns how to stop it. */
  leave: () => string[];
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

const openLab = async (options: StageOptions, cluster: string, cleanup: Cleanup): Promise<Lab> => {
  const { from, to, brokers, directory, log, signal } = options;
  const lab = await labUp({
    cluster,
    brokers,
    release: from,
    stagedReleases: [to],
    log,
    ...(directory === undefined ? {} : { directory }),
    ...(signal === undefined ? {} : { signal }),
  });
  cleanup.add('the brokers, ZooKeeper and their hosts', () => lab.down());
  return lab;
};

const openSession = async (temporal: DemoTemporal, cleanup: Cleanup): Promise<TemporalSession> => {
  const { address, namespace, webUi } = temporal;
  const session = await connectTemporal({ address, namespace, webUi: webUi ?? undefined });
  cleanup.add('the connection to Temporal', session.close);
  return session;
};

const leaving =
  ({ lab, temporal, worker }: Pick<Stage, 'lab' | 'temporal' | 'worker'>) =>
  (): string[] => {
    worker().leave();
    return [
      `kill ${worker().pid}   # the worker`,
      `kafka-upgrade lab down --directory ${lab.directory}`,
      ...(temporal.pid === null ? [] : [`kill ${temporal.pid}   # Temporal`]),
    ];
  };

const build = async (options: StageOptions, cleanup: Cleanup): Promise<Stage> => {
  const { log, signal } = options;
  const temporal = await demoTemporal({
    log,
    outliveTo: options.keep ? join(tmpdir(), `kafka-upgrade-temporal-${process.pid}.log`) : null,
  });
  signal?.throwIfAborted();
  cleanup.add('Temporal', temporal.stop);
  const { cluster, taskQueue } = chooseNames(temporal);
  const lab = await openLab(options, cluster, cleanup);
  const { definitionsDirectory } = lab;
  const facts = (): Promise<BrokerFacts[]> => readBrokerFacts({ definitionsDirectory, cluster, signal });
  log('asking every broker for its version and protocol');
  const before = await facts();
  const logFile = join(lab.directory, 'worker.log');
  const startWorker = (): Promise<WorkerProcess> =>
    startWorkerProcess({ ...temporal, taskQueue, definitionsDirectory, logFile, signal });
  log('starting the worker');
  let worker = await startWorker();
  cleanup.add('the worker', () => worker.stop());
  log(`worker runs: process ${worker.pid}, log ${logFile}`);
  const session = await openSession(temporal, cleanup);
  log('starting a producer and a consumer');
  const traffic = await startTraffic({ lab, log, ...(signal === undefined ? {} : { signal }) });
  cleanup.add('the traffic', async () => {
    await traffic.finish();
  });
  const parts = { lab, temporal, worker: () => worker };
  return {
    ...parts,
    cluster,
    session,
    taskQueue,
    traffic,
    before,
    facts,
    client: new UpgradeClient(session, cluster),
    startWorker: async () => (worker = await startWorker()),
    close: () => cleanup.run(),
    leave: leaving(parts),
  };
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
