/** Messages that were received, as far as they have to be known again when a copy of one comes. */
import type { MessageKind } from '../people/message';

/** The record of a message and its answer. */
export interface MessageEventBody {
  type: 'message';
  kind: MessageKind;
  /** Only of a message that had one. */
  id?: string;
  by: string | null;
  comment: string | null;
  accepted: boolean;
  answer: string;
}

/** A message that is known again when a copy of it comes. */
export interface ReceivedMessage {
  kind: MessageKind;
  id: string;
  answer: string;
}

/** Copies of a message are seconds to minutes apart; nobody sends a hundred others in between. */
const maxReceived = 100;

/** The message that this one is a copy of, by kind and id; undefined when it is none. */
export const earlierCopy = (
  { received }: { received: readonly ReceivedMessage[] },
  message: { kind: MessageKind; id?: string | null },
): ReceivedMessage | undefined => received.find(({ kind, id }) => kind === message.kind && id === message.id);

/** What is remembered after one more message. A copy is not: what counts is how the first was answered. */
export const withReceived = (
  received: ReceivedMessage[],
  { kind, id, answer }: Pick<MessageEventBody, 'kind' | 'id' | 'answer'>,
): ReceivedMessage[] =>
  id === undefined || earlierCopy({ received }, { kind, id }) !== undefined
    ? received
    : [...received, { kind, id, answer }].slice(-maxReceived);
