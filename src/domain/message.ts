import { isRecord } from './is-record';

/** Messages that people send to a running upgrade. Payloads are typed by hand, so nothing about them is taken for granted. */
export const messageKinds = ['approve', 'reject', 'resume', 'pause', 'retry', 'rollback', 'abort'] as const;

export type MessageKind = (typeof messageKinds)[number];

/** Is this the name of a message? */
export const isMessageKind = (name: string): name is MessageKind => messageKinds.some((kind) => kind === name);

/** A payload after reading: what was not usable is null or empty. */
export interface MessagePayload {
  gate: string | null;
  plan: string | null;
  by: string | null;
  comment: string | null;
  disasterRecovery: string | null;
  accept: string[];
  /** With `rollback`: features that can be lowered are lowered first. */
  downgrade: boolean;
}

export interface Message {
  kind: MessageKind;
  payload: MessagePayload;
}

/** Long enough for a reason, short enough for a history. */
const maxTextLength = 1_000;

const text = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, maxTextLength) : null;

const texts = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).flatMap((entry: unknown) => text(entry) ?? []).slice(0, 1_000);

/** Reads any payload; never throws. A bare string is taken as the comment. */
export const parsePayload = (input: unknown): MessagePayload => {
  const fields = isRecord(input) ? input : { comment: input };
  return {
    gate: text(fields['gate']),
    plan: text(fields['plan']),
    by: text(fields['by']),
    comment: text(fields['comment']),
    disasterRecovery: text(fields['disasterRecovery']),
    accept: texts(fields['accept']),
    downgrade: fields['downgrade'] === true,
  };
};
