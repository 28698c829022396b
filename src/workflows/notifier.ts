/**
 * Tells the people outside, beside the upgrade: every notice is an activity that nobody waits for. Each channel has a line
 * of its own, so that its notices arrive in order and one that does not answer holds up no other.
 */
import { CancellationScope, condition, workflowInfo } from '@temporalio/workflow';
import { noticeOf } from '../domain/notices/notice';
import type { Happening, Notice } from '../domain/notices/notice';
import { isTold } from '../domain/policy/planned-channel';
import { notices } from './activity-options';
import { troubleOf, wholeCluster } from './trouble';

/** A notice that is older than this (ms) is no news any more: whoever comes back sees the state itself. */
const lifeMs = 6 * 3_600_000;

/** Also one that had to wait for that long behind others is tried once more (ms). */
const lastTryMs = 1_000;

/** How long the end of the workflow waits for what is not delivered yet. */
const farewell = '1 minute';

/** How long a run waits for them before the next run sends them again: one that is under way would be told twice. */
const handoverWait = '10s';

/** A notice on its way to a channel. */
export interface Undelivered {
  channel: string;
  notice: Notice;
}

type Evidence = (title: string, lines: string[]) => void;

export class Notifier {
  private readonly lines = new Map<string, Promise<void>>();
  /** In the order in which they were sent. */
  private readonly outstanding = new Set<Undelivered>();

  constructor(private readonly evidence: Evidence) {}

  /** Sends what an earlier run of the workflow could not deliver. */
  takeOver(undelivered: readonly Undelivered[]): void {
    for (const each of undelivered) this.queue(each);
  }

  /** Waits a little for what is under way; resolves to what the next run has to send. */
  async handOver(): Promise<Undelivered[]> {
    if (this.outstanding.size > 0) await condition(() => this.outstanding.size === 0, handoverWait);
    return [...this.outstanding];
  }

  /** Tells of an event those channels that want to hear of it; `index` is its place in the audit trail. */
  tell(happening: Happening, index: number): void {
    const { plan } = happening.after;
    if (plan?.notifications === undefined) return;
    const notice = noticeOf(happening, this.idOf(index));
    if (notice === null) return;
    for (const channel of plan.notifications)
      if (isTold(channel, notice.kind)) this.queue({ channel: channel.name, notice });
  }

  /** Waits a little for what is under way; then the workflow may end. */
  async finish(): Promise<void> {
    if (this.outstanding.size === 0) return;
    if (await condition(() => this.outstanding.size === 0, farewell)) return;
    this.evidence('notices', [`${this.outstanding.size} were not delivered within ${farewell} of the end`]);
  }

  private idOf(event: number): string {
    return `${workflowInfo().firstExecutionRunId}/${event}`;
  }

  private queue(each: Undelivered): void {
    const { channel } = each;
    const earlier = this.lines.get(channel) ?? Promise.resolve();
    this.outstanding.add(each);
    // Whatever is cancelled around it: people hear of that, too.
    const sent = CancellationScope.nonCancellable(async () => {
      await earlier;
      await this.deliver(each);
      this.outstanding.delete(each);
    });
    this.lines.set(channel, sent);
  }

  /** Never rejects: a notice that is lost is a line of evidence. */
  private async deliver({ channel, notice }: Undelivered): Promise<void> {
    const left = Math.max(lastTryMs, notice.atMs + lifeMs - Date.now());
    try {
      const input = { cluster: notice.cluster, channel, notice };
      await notices(left).notify.executeWithOptions({ summary: `${notice.kind} to ${channel}` }, [input]);
    } catch (error) {
      this.evidence('notices', [`${channel} was not told (${notice.kind}): ${troubleOf(error, wholeCluster).message}`]);
    }
  }
}
