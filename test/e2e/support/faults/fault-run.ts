/** One real upgrade that faults strike in the middle of its restarts, judged by an observer outside of the product. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ClientError } from '../../../../src/client/client-error';
import type { UpgradeLook } from '../../../../src/client/upgrade-client';
import { yesToAll } from '../../../../src/demo/answers';
import type { Answerer } from '../../../../src/demo/answers';
import { openStage } from '../../../../src/demo/stage';
import type { Stage, StageOptions } from '../../../../src/demo/stage';
import type { WaitingFor } from '../../../../src/domain/upgrade/upgrade-status';
import { RestartWatch } from '../../../../src/lab/faults/restart-watch';
import type { Restart, RestartStep } from '../../../../src/lab/faults/restart-watch';
import { Observer } from '../../../../src/lab/observer/observer';
import type { LedgerReport } from '../../../../src/lab/traffic/traffic';
import { replayHistories } from '../replayed';
import type { Replayed } from '../replayed';
import { changeDefinition } from './definition';
import type { Fault, Struck } from './faults';
import { Workers } from './scene';
import { Tidings } from './tidings';

/** A fault and the step at which it strikes. */
export interface Strike {
  step: RestartStep;
  fault: Fault;
}

export interface FaultRunInput extends Pick<StageOptions, 'mode' | 'from' | 'to'> {
  /** One a restart, in this order; the first restart is left alone, and so is each after which `null` stands. */
  strikes: (Strike | null)[];
  /** Once every binary is new the old ones are asked back: the way to more restarts where there is no second roll. */
  rollBack: boolean;
  log: (line: string) => void;
  /** Gives the run up; everything that was started is stopped. */
  signal?: AbortSignal;
}

/** A strike that was made. */
export interface StrikeMade extends Strike {
  restart: Restart;
  atMs: number;
  /** When the world around the product was whole again; null while it is not. */
  overMs: number | null;
  /** What went wrong with the fault itself. */
  failure: string | null;
}

export interface FaultRunResult {
  stage: Stage;
  observer: Observer;
  restarts: readonly Restart[];
  strikes: readonly StrikeMade[];
  tidings: Tidings;
  /** How often `retry` was answered. */
  retries: number;
  look: UpgradeLook;
  ledger: LedgerReport;
  replayed: Replayed;
  close: () => Promise<void>;
}

/** A restart's last step has to last longer than a fault takes to strike. */
const soakSeconds = 5;
/** An upgrade with every fault that repairs itself (ms). */
const limitMs = 90 * 60_000;
const pauseMs = 200;
/** A park right after an answered one may be the same, not read yet, or the next, which looks like it (ms). */
const answerAgainMs = 20_000;

/** Strikes as the restarts go by; a fault that still lasts puts the next one off to a later restart. */
class Striker {
  readonly made: StrikeMade[] = [];
  private struck: Struck | null = null;
  private readonly left: (Strike | null)[];
  private restart = 0;

  constructor(
    strikes: readonly (Strike | null)[],
    private readonly scene: { stage: Stage; workers: Workers; observer: Observer },
    private readonly log: (line: string) => void,
  ) {
    this.left = [...strikes];
  }

  step(restart: Restart, step: RestartStep): void {
    this.log(`${restart.host.name}, restart ${restart.index + 1}: ${step}`);
    if (restart.index > this.restart) {
      // The first restart is the base line.
      if (this.restart > 0 && this.left[0] === null) this.left.shift();
      this.restart = restart.index;
    }
    const [next] = this.left;
    if (next?.step !== step || restart.index === 0 || this.lasting) return;
    if (this.made.some((made) => made.restart === restart)) return;
    this.left.shift();
    void this.strike(next, restart);
  }

  get lasting(): boolean {
    return this.made.some(({ overMs }) => overMs === null);
  }

  /** Mends what a person has to mend. */
  async repair(): Promise<void> {
    await this.struck?.repair?.();
  }

  /** Whatever still lasts is brought to its end. */
  async settle(): Promise<void> {
    await this.repair();
  }

  private async strike({ step, fault }: Strike, restart: Restart): Promise<void> {
    const made: StrikeMade = { step, fault, restart, atMs: performance.now(), overMs: null, failure: null };
    this.made.push(made);
    this.log(`strike at ${step} of ${restart.host.name}: ${fault.name}`);
    try {
      const { stage } = this.scene;
      if (stage.durableTemporal === null) throw new Error('The stage has no Temporal of its own.');
      this.struck = await fault.strike({ ...this.scene, temporal: stage.durableTemporal, restart, step });
      await this.struck.over;
    } catch (error) {
      made.failure = error instanceof Error ? error.message : String(error);
      this.log(`${fault.name}: ${made.failure}`);
    }
    made.overMs = performance.now();
    this.struck = null;
    this.log(`over after ${((made.overMs - made.atMs) / 1_000).toFixed(1)} s: ${fault.name}`);
  }
}

/** One look; null while Temporal or the workers do not answer. */
const lookIfPossible = async (stage: Stage): Promise<UpgradeLook | null> => {
  try {
    return await stage.client.look();
  } catch (error) {
    if (error instanceof ClientError) return null;
    throw error;
  }
};

const isOfAFeature = ({ gate }: WaitingFor): boolean =>
  gate !== null && gate !== 'plan' && gate !== 'canary' && !gate.startsWith('node-');

/** Answers whatever is asked, as offered; what is parked is mended before. */
class Attendant {
  retries = 0;
  private yes: Answerer;
  /** When the parked step of the moment was answered; null while nothing is parked. */
  private retriedMs: number | null = null;
  private rolledBack = false;

  constructor(
    private readonly stage: Stage,
    private readonly striker: Striker,
    private readonly rollBack: boolean,
  ) {
    this.yes = this.freshAnswerer();
  }

  /** Gates of nodes have the same names in both rolls, and nothing is answered twice by the same one. */
  private freshAnswerer(): Answerer {
    return yesToAll(this.stage.client, () => undefined);
  }

  async attend(look: UpgradeLook): Promise<void> {
    const { waitingFor } = look.status;
    if (waitingFor?.kind !== 'parked') this.retriedMs = null;
    if (waitingFor === null) this.yes = this.freshAnswerer();
    if (waitingFor === null || look.ending !== null) return;
    try {
      await this.answer(waitingFor, look);
    } catch (error) {
      // Not answered in this outage; asked again at the next look.
      if (!(error instanceof ClientError)) throw error;
    }
  }

  private async answer(waitingFor: WaitingFor, look: UpgradeLook): Promise<void> {
    if (waitingFor.kind === 'parked') return this.retry(waitingFor);
    // The next node is only touched when the world is whole again: each fault has a restart of its own.
    if (this.striker.lasting) return;
    if (this.rollBack && isOfAFeature(waitingFor) && !this.rolledBack) {
      await this.send('rollback', waitingFor);
      this.rolledBack = true;
    } else if (this.yes.wants(look)) await this.yes.answer(look);
  }

  private async retry(waitingFor: WaitingFor): Promise<void> {
    await this.striker.repair();
    if (this.retriedMs !== null && performance.now() - this.retriedMs < answerAgainMs) return;
    await this.send('retry', waitingFor);
    this.retriedMs = performance.now();
    this.retries++;
  }

  private async send(signal: 'retry' | 'rollback', { answers }: WaitingFor): Promise<void> {
    const offered = answers.find((answer) => answer.signal === signal)?.payload ?? '{}';
    await this.stage.client.send(signal, { ...(JSON.parse(offered) as object), by: 'test' }, { signalOnly: true });
  }
}

interface Following {
  stage: Stage;
  attendant: Attendant;
  tidings: Tidings;
  signal: AbortSignal | undefined;
}

const followToTheEnd = async ({ stage, attendant, tidings, signal }: Following): Promise<UpgradeLook> => {
  const deadline = performance.now() + limitMs;
  let latest: UpgradeLook | null = null;
  while (performance.now() < deadline) {
    signal?.throwIfAborted();
    const look = await lookIfPossible(stage);
    if (look !== null) {
      latest = look;
      tidings.look(look);
      if (look.ending !== null) return look;
      await attendant.attend(look);
    }
    await sleep(pauseMs);
  }
  throw new Error(`no end within ${limitMs / 60_000} min; seen last: ${latest?.status.message ?? 'nothing'}`);
};

/** Runs the upgrade with its faults. Close the result in any case; a run that fails has closed everything. */
export const faultRun = async (input: FaultRunInput): Promise<FaultRunResult> => {
  const { mode, from, to, strikes, rollBack, log, signal } = input;
  const size = { brokers: 3, controllers: 3 };
  const stage = await openStage({ mode, from, to, ...size, keep: false, durable: true, log, signal });
  const closers: (() => Promise<void> | void)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
    await stage.close();
  };
  try {
    const workers = new Workers(stage);
    const wanted = Math.max(1, ...strikes.map((strike) => strike?.fault.workers ?? 1));
    while (workers.all.length < wanted) await workers.start();
    const tidings = await Tidings.open(stage);
    changeDefinition(stage, (document) => {
      document.setIn(['policy', 'soakSeconds'], soakSeconds);
      document.setIn(['policy', 'approvals', 'eachNode'], true);
    });
    closers.push(() => tidings.close());
    const observer = await new Observer(stage.lab.hosts).start();
    closers.push(() => observer.stop());
    const striker = new Striker(strikes, { stage, workers, observer }, log);
    closers.push(() => striker.settle());
    const watch = new RestartWatch(observer, stage.lab.hosts, (restart, step) => striker.step(restart, step));
    closers.push(() => watch.stop());
    const attendant = new Attendant(stage, striker, rollBack);
    await stage.client.start({ target: to, requester: 'test' }, stage.taskQueue);
    const look = await followToTheEnd({ stage, attendant, tidings, signal });
    log(`ended: ${look.status.message}`);
    const ledger = await stage.traffic.finish();
    watch.stop();
    observer.stop();
    const replayed = await replayHistories(stage.session, stage.cluster);
    const { restarts } = watch;
    return {
      ...{ stage, observer, restarts, tidings, look, ledger, replayed, close },
      strikes: striker.made,
      retries: attendant.retries,
    };
  } catch (error) {
    await close();
    throw error;
  }
};
