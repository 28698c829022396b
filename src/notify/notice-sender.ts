import type { ChannelDefinition } from '../config/definition';
import type { Notice } from '../domain/notices/notice';

/** Port: brings notices to the people outside. */
export interface NoticeSender {
  /**
   * Sends one notice; resolves when the channel has taken it. Rejects with `NotificationFailed` when it may be tried again,
   * with `NotificationRefused` when that is of no use. Words never hold the address: it may be a secret (I8).
   */
  send(channel: ChannelDefinition, notice: Notice, signal?: AbortSignal): Promise<void>;
}
