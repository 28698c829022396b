/** What a fault has at hand: the stage, and what is seen of it from outside. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Stage } from '../../../../src/demo/stage';
import type { DurableTemporal } from '../../../../src/demo/temporal';
import type { WorkerProcess } from '../../../../src/demo/worker-process';
import { nodeWorkflowIdOf } from '../../../../src/domain/plan/request';
import type { Restart, RestartStep } from '../../../../src/lab/faults/restart-watch';
import type { Observer } from '../../../../src/lab/observer/observer';
import { until } from '../../../support/until';

/** A node that has not come back by then does not; the longest fault that repairs itself takes five minutes (ms). */
const backLimitMs = 15 * 60_000;

/** The workers of a run: faults take some away and bring new ones. */
export class Workers {
  private running: WorkerProcess[];

  constructor(private readonly stage: Stage) {
    this.running = [stage.worker()];
  }

  get all(): readonly WorkerProcess[] {
    return this.running;
  }

  async start(): Promise<void> {
    this.running.push(await this.stage.startWorker());
  }

  /** No longer one of them: it was killed, or asked to stop. */
  remove(worker: WorkerProcess): void {
    this.running = this.running.filter((other) => other !== worker);
  }

  /** The worker that carries out the restart of this node now, by what Temporal knows; else the eldest. */
  async busyWith(restart: Restart): Promise<WorkerProcess> {
    const identities = await this.identities(restart);
    const busy = this.running.find(({ pid }) => identities.some((identity) => identity.startsWith(`${pid}@`)));
    const worker = busy ?? this.running[0];
    if (worker === undefined) throw new Error('No worker runs.');
    return worker;
  }

  private async identities({ host }: Restart): Promise<string[]> {
    const { client } = this.stage.session;
    const phases = ['binaries', 'protocol', 'rollback'];
    const found = await Promise.all(
      phases.map(async (phase) => {
        const handle = client.workflow.getHandle(nodeWorkflowIdOf(this.stage.cluster, phase, host.nodeId ?? 0));
        const description = await handle.describe().catch(() => null);
        if (description?.status.name !== 'RUNNING') return [];
        return (description.raw.pendingActivities ?? []).map(({ lastWorkerIdentity }) => lastWorkerIdentity ?? '');
      }),
    );
    return found.flat();
  }
}

/** One moment of one restart. */
export interface Scene {
  stage: Stage;
  temporal: DurableTemporal;
  workers: Workers;
  observer: Observer;
  restart: Restart;
  step: RestartStep;
}

/** Waits until the node is up again after the stop of this restart. */
export const untilBack = async ({ observer, restart }: Scene): Promise<void> => {
  const node = observer.nodes.get(restart.host.name);
  await until(
    `${restart.host.name} is back`,
    () => node?.state === 'up' && node.processes.at(-1) !== restart.process,
    backLimitMs,
  );
};

/** A pause of a fault itself, never of a check. */
export const seconds = (count: number): Promise<void> => sleep(count * 1_000);
