/** Faults that strike in the middle of a restart. */
import { cutOff } from '../../../../src/lab/faults/cut-off';
import type { CutOffKind } from '../../../../src/lab/faults/cut-off';
import { startByHandWhenGone } from '../../../../src/lab/faults/start-by-hand';
import { LAB_PORTS } from '../../../../src/lab/network';
import { seconds, untilBack } from './scene';
import type { Scene } from './scene';

/** A fault that has struck. */
export interface Struck {
  /** Resolves when the world around the product is whole again. */
  over: Promise<unknown>;
  /** What a person mends before answering `retry`; a fault that ends by itself has nothing. */
  repair?: () => Promise<void>;
}

export interface Fault {
  name: string;
  /** How many workers run when it strikes. */
  workers: number;
  strike: (scene: Scene) => Promise<Struck>;
}

/** Long enough for a worker's heartbeats to be missed, whatever becomes of the node (s). */
const frozenAtLeastSeconds = 20;

/** A frozen worker is thawed when its work was taken over, or at last by a person (s). */
const frozenAtMostSeconds = 90;

export const temporalOut = (forSeconds: number): Fault => ({
  name: `Temporal out for ${forSeconds} s`,
  workers: 1,
  strike: async ({ temporal }) => {
    await temporal.kill();
    return { over: seconds(forSeconds).then(() => temporal.startAgain()) };
  },
});

export const workerKilled: Fault = {
  name: 'worker killed, another runs',
  workers: 2,
  strike: async (scene) => {
    const { workers, restart } = scene;
    const victim = await workers.busyWith(restart);
    workers.remove(victim);
    await victim.kill();
    return { over: untilBack(scene).then(() => workers.start()) };
  },
};

export const onlyWorkerKilled: Fault = {
  name: 'only worker killed and started again',
  workers: 1,
  strike: async ({ workers }) => {
    for (const worker of workers.all) {
      workers.remove(worker);
      await worker.kill();
    }
    return { over: workers.start() };
  },
};

export const workerFrozen: Fault = {
  name: 'worker frozen, another runs',
  workers: 2,
  strike: async (scene) => {
    const victim = await scene.workers.busyWith(scene.restart);
    victim.freeze();
    const takenOver = Promise.all([untilBack(scene).then(() => seconds(3)), seconds(frozenAtLeastSeconds)]);
    return { over: Promise.race([takenOver, seconds(frozenAtMostSeconds)]).then(() => victim.thaw()) };
  },
};

export const allDeployedAnew: Fault = {
  name: 'all workers deployed anew',
  workers: 2,
  strike: ({ workers }) => {
    const old = [...workers.all];
    for (const worker of old) workers.remove(worker);
    const retired = old.map((worker) => worker.retire());
    const started = old.map(() => workers.start());
    return Promise.resolve({ over: Promise.all([...retired, ...started]) });
  },
};

const cutWords: Record<CutOffKind, string> = { drop: 'packets dropped', refuse: 'connections refused' };

/** The host of the restart cannot be reached; without an end, until people were told and somebody has mended it. */
export const hostCutOff = (kind: CutOffKind, forSeconds: number | null): Fault => ({
  name: `${cutWords[kind]} ${forSeconds === null ? 'until people are told' : `for ${forSeconds} s`}`,
  workers: 1,
  strike: async ({ restart }) => {
    const cut = await cutOff([restart.host.address], kind, LAB_PORTS.ssh);
    if (forSeconds !== null) return { over: seconds(forSeconds).then(() => cut.restore()) };
    let mended: () => void = () => undefined;
    const over = new Promise<void>((resolve) => (mended = resolve));
    return { over, repair: () => cut.restore().then(mended) };
  },
});

export const oldBinaryByHand: Fault = {
  name: 'old binary started by hand',
  workers: 1,
  strike: async (scene) => {
    scene.restart.disturbed = true;
    await startByHandWhenGone(scene.restart.host, scene.restart.process);
    return { over: untilBack(scene) };
  },
};
