/**
 * Does a host still answer? A look at it that fails because it cannot be reached is no end: it is looked at again, until
 * nothing was heard of it for so long that people have to know. What the host itself answers, a refusal too, is contact.
 */
import { failureClass, UpgradeError } from '../domain/common/failure';
import { clockWords } from '../domain/common/clock-words';
import type { FailureType } from '../domain/common/failure';
import { messageOf } from '../domain/common/message-of';
import type { OperationContext } from '../hosts/broker-host';
import { operationContext } from './activity-context';
import { monotonicMs } from './poll';

/**
 * A host that has not answered for this long is lost (ms). Our policy: people hear within 5 minutes of a host that vanished
 * with its broker down; what is left of them is for noticing a dead worker (15 s) and for the last look. A reboot of a
 * virtual machine, or a switch that starts anew, takes less.
 */
export const contactLimitMs = 3 * 60_000;

/** One look takes milliseconds; packets that are dropped must not hold up the wait around it (ms). */
const lookLimitMs = 10_000;

/**
 * A silence that an earlier attempt left behind counts only when this one has met it for this long, too (ms): nobody looked
 * in between.
 */
const confirmMs = 15_000;

/** The host was not heard: no connection, a connection that was lost, no end of a command in time. */
const silences: readonly FailureType[] = ['SshUnreachable', 'CommandTimedOut'];

/** Does this failure say that the host was not heard? Then it is not known whether it did what it was asked for. */
export const isSilence = (error: unknown): error is UpgradeError =>
  error instanceof UpgradeError && silences.includes(error.type);

const mayPass = (error: unknown, isDown: boolean): error is UpgradeError =>
  isSilence(error) || (isDown && error instanceof UpgradeError && failureClass(error.type) === 'transient');

/** What is tried, for messages, and for how long at most (ms; default 10 s). */
export interface TryOptions {
  what?: string;
  limitMs?: number;
}

/** The look's outcome within the limit, also when the look itself takes no notice of its signal. */
const withinLimit = async <T>(
  look: (context: OperationContext) => Promise<T>,
  { what = 'looking at the host', limitMs = lookLimitMs }: TryOptions,
): Promise<T> => {
  const { signal } = operationContext();
  const limit = new AbortController();
  const signals = AbortSignal.any(signal === undefined ? [limit.signal] : [signal, limit.signal]);
  const tooLong = new UpgradeError('CommandTimedOut', `${what}: no answer within ${limitMs / 1_000} s`);
  const timer = setTimeout(() => {
    limit.abort(tooLong);
  }, limitMs);
  // A wait that ends meanwhile does not wait for the look.
  timer.unref();
  try {
    return await Promise.race([look({ signal: signals }), aborted(signals)]);
  } finally {
    clearTimeout(timer);
  }
};

/** Rejects with the reason of the signal when it is aborted. */
const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const tell = (): void => {
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    };
    if (signal.aborted) tell();
    signal.addEventListener('abort', tell, { once: true });
  });

/** Watches over the contact with one host. */
export class ContactWatch {
  /** Monotonic; null while the host answers. */
  private silentSince: number | null;
  private metHere: number | null = null;
  private tries = 0;
  private last: UpgradeError | null = null;

  /**
   * `limitMs` is how long the host may be silent; `sinceMs` (ms since the epoch) since when it is, as an earlier attempt left
   * it behind in `silentSinceMs`.
   */
  constructor(
    private readonly limitMs: number,
    sinceMs: number | null = null,
  ) {
    this.silentSince = sinceMs === null ? null : monotonicMs() - Math.max(0, Date.now() - sinceMs);
  }

  /** Since when the host has not answered (ms since the epoch); null while it does. For heartbeat details. */
  get silentSinceMs(): number | null {
    return this.silentSince === null ? null : Math.round(Date.now() - (monotonicMs() - this.silentSince));
  }

  /** Since when and why the host is not heard, in words; null while it is, or before the first try. */
  words(): string | null {
    if (this.silentSinceMs === null || this.last === null) return null;
    const what = isSilence(this.last) ? 'the host has not answered' : 'it has failed';
    return `${what} since ${clockWords(this.silentSinceMs)}, tried ${this.tries} times: ${this.last.message}`;
  }

  /**
   * What the look found; undefined when the host did not answer, within the limit. Beyond it throws `HostLost`. Whatever else
   * the look throws is thrown at once, as is a cancellation.
   */
  async try<T>(look: (context: OperationContext) => Promise<T>, options: TryOptions = {}): Promise<T | undefined> {
    const began = monotonicMs();
    try {
      const found = await withinLimit(look, options);
      this.heard();
      return found;
    } catch (error) {
      operationContext().signal?.throwIfAborted();
      if (!isSilence(error)) {
        this.heard();
        throw error;
      }
      this.missed(error, began);
      this.requireContact(options);
      return undefined;
    }
  }

  /**
   * The same for work that has limits of its own and that nobody cancels. Where `isDown` says afterwards that a node is down,
   * undefined also for any other failure that may pass. Beyond the limit throws `HostLost`, or that failure.
   */
  async steadily<T>(
    work: () => Promise<T>,
    { what, isDown }: { what: string; isDown: () => boolean },
  ): Promise<T | undefined> {
    const began = monotonicMs();
    try {
      const found = await work();
      this.heard();
      return found;
    } catch (error) {
      if (!mayPass(error, isDown())) {
        this.heard();
        throw error;
      }
      this.missed(error, Math.max(began, monotonicMs() - lookLimitMs));
      this.requireContact({ what });
      return undefined;
    }
  }

  /** The host gave a sign of life: whatever it was silent for is over. */
  heard(): void {
    this.silentSince = null;
    this.metHere = null;
    this.tries = 0;
    this.last = null;
  }

  private missed(error: UpgradeError, began: number): void {
    this.silentSince ??= began;
    this.metHere ??= began;
    this.tries += 1;
    this.last = error;
  }

  private requireContact({ what = 'looking at the host' }: TryOptions): void {
    const [since, here, now] = [this.silentSince, this.metHere, monotonicMs()];
    if (since === null || here === null || this.last === null) return;
    const confirmed = here === since || now - here >= confirmMs;
    if (now - since < this.limitMs || !confirmed) return;
    if (!silences.includes(this.last.type)) throw this.last;
    const sinceMs = this.silentSinceMs ?? 0;
    const silentSeconds = Math.round((now - since) / 1_000);
    throw new UpgradeError(
      'HostLost',
      `The host has not answered for ${silentSeconds} s, since ${clockWords(sinceMs)}; ${what} was tried ${this.tries} times. Last: ${messageOf(this.last)}`,
      { ...this.last.evidence, sinceMs, tries: this.tries, lastType: this.last.type },
    );
  }
}
