/** Loaded when needed: the other commands start without the worker's native parts. */
import type { UpgradeRequest } from '../domain/request';
import type { PlanAnswer } from '../workflows/messages';

interface WorkerMain {
  runWorker: (options: {
    address: string;
    namespace: string;
    taskQueue: string;
    definitionsDirectory: string;
  }) => Promise<void>;
}

interface LocalPlan {
  planLocally: (input: { definitionsDirectory: string; request: UpgradeRequest }) => Promise<PlanAnswer>;
}

const workerMain = '../worker/main.js';
const localPlan = '../worker/local-plan.js';

export const loadWorker = async (): Promise<WorkerMain> => (await import(workerMain)) as WorkerMain;
export const loadLocalPlan = async (): Promise<LocalPlan> => (await import(localPlan)) as LocalPlan;
