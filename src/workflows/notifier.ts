/**
 * Tells the people outside, beside the upgrade: every notice is an activity that nobody waits for. Each channel has a line
 * of its own, so that its notices arrive in order and one that does not answer holds up no other.
 */
import { CancellationScope, condition, workflowInfo } from '@temporalio/workflow';
import { noticeOf } from '../domain/notices/notice';
import type { Happening, Notice } from '../domain/notices/notice';
import { isTold } from '../domain/policy/planned-channel';
import type { PlannedChannel } from '../domain/policy/planned-channel';
import type { UpgradeState } from '../domain/upgrade/upgrade-state';
import { notices } from './activity-options';
import { troubleOf, wholeCluster } from './trouble';

/** A notice that is older than this (ms) is no news any more: whoever comes back sees the state itself. */
const lifeMs = 6 * 3_600_000;

/** How long the end of the workflow waits for what is not delivered yet. */
const farewell = '1 minute';

type Evidence = (title: string, lines: string[]) => void;

export class Notifier {
  private readonly lines = new Map<string, Promise<void>>();
  private outstanding = 0;

  constructor(private readonly evidence: Evidence) {}

  /** Tells of an event those channels that want to hear of it; `index` is its place in the audit trail. */
  tell(happening: Happening, index: number): void {
    this.send(happening.after, noticeOf(happening, this.idOf(index)));
  }

  /** Waits a little for what is under way; then the workflow may end. */
  async finish(): Promise<void> {
    if (this.outstanding === 0) return;
    if (await condition(() => this.outstanding === 0, farewell)) return;
    this.evidence('notices', [`${this.outstanding} were not delivered within ${farewell} of the end`]);
  }

  private idOf(event: number): string {
    return `${workflowInfo().runId}/${event}`;
  }

  private send({ plan }: UpgradeState, notice: Notice | null): void {
    if (notice === null) return;
    for (const channel of plan?.notifications ?? []) if (isTold(channel, notice.kind)) this.queue(channel, notice);
  }

  private queue({ name }: PlannedChannel, notice: Notice): void {
    const earlier = this.lines.get(name) ?? Promise.resolve();
    this.outstanding += 1;
    // Whatever is cancelled around it: people hear of that, too.
    const sent = CancellationScope.nonCancellable(async () => {
      await earlier;
      await this.deliver(name, notice);
      this.outstanding -= 1;
    });
    this.lines.set(name, sent);
  }

  /** Never rejects: a notice that is lost is a line of evidence. */
  private async deliver(channel: string, notice: Notice): Promise<void> {
    const left = notice.atMs + lifeMs - Date.now();
    try {
      if (left <= 0) throw new Error('it waited for too long behind others');
      const input = { cluster: notice.cluster, channel, notice };
      await notices(left).notify.executeWithOptions({ summary: `${notice.kind} to ${channel}` }, [input]);
    } catch (error) {
      this.evidence('notices', [`${channel} was not told (${notice.kind}): ${troubleOf(error, wholeCluster).message}`]);
    }
  }
}
