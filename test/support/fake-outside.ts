/** The world outside of a cluster, as the notices and the silence of an upgrade reach it. */
import { silenceLifeMs } from '../../src/domain/notices/alert-silence';
import type { Notice } from '../../src/domain/notices/notice';
import type { AlertSilencer } from '../../src/notify/alert-silencer';
import type { NoticeSender } from '../../src/notify/notice-sender';

export interface SentNotice {
  channel: string;
  notice: Notice;
}

/** Takes notices and silences, unless the test lets them fail. */
export class FakeOutside {
  readonly sent: SentNotice[] = [];
  /** `ensure` and `lift`, in their order. */
  readonly silences: string[] = [];
  /** What it throws, the sender throws. */
  onSend: (channel: string, notice: Notice) => void = () => undefined;
  onSilence: (what: 'ensure' | 'lift') => void = () => undefined;

  readonly notices: NoticeSender = {
    send: async ({ name }, notice) => {
      this.onSend(name, notice);
      this.sent.push({ channel: name, notice });
    },
  };

  readonly silencer: AlertSilencer = {
    ensure: async (_definition, { untilMs }) => {
      this.onSilence('ensure');
      this.silences.push(untilMs > Date.now() + silenceLifeMs - 60_000 ? 'ensure' : 'ensure too short');
      return 'silence 1 made';
    },
    lift: async () => {
      this.onSilence('lift');
      this.silences.push('lift');
      return 'silence 1 ended';
    },
  };

  /** `waiting gate plan` of one channel, in order. */
  told(channel: string): string[] {
    return this.sent
      .filter((entry) => entry.channel === channel)
      .map(({ notice: { kind, wait } }) => (kind === 'waiting' ? `${kind} ${wait?.name}` : kind));
  }
}
