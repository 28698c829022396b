import { isRecord } from '../common/is-record';

/** Messages that people send to a running upgrade. Payloads are typed by hand, so nothing about them is taken for granted. */
export const messageKinds = [
  'approve',
  'reject',
  'resume',
  'pause',
  'retry',
  'rollback',
  'abort',
  'confirmDr',
] as const;

export type MessageKind = (typeof messageKinds)[number];

/** What each does and takes: shown by the web UI and `temporal workflow describe`, where people choose one. */
export const messageDescriptions: Record<MessageKind, string> = {
  approve:
    'Pass the open gate: {"gate":"…","plan":"<8 hex>","by":"you","comment":"why"}. Accept by name at a park: {"park":1,"accept":["…"]}. The details page shows the exact JSON.',
  reject: 'Say no at the open gate; the upgrade ends: {"by":"you","comment":"why"}.',
  resume:
    'Continue what waits, by its number or name: {"pause":1}, {"park":1} after a repair, or a gate as in `approve`. Empty input continues nothing.',
  pause: 'Touch no further node; the one in progress is finished. Empty input is fine.',
  retry:
    'Do the parked step again after a repair: {"park":1}; or ask again at a gate that expired: {"gate":"…"}. Empty input does nothing.',
  rollback:
    'Put the old binaries back, one node at a time, while that is possible: {"by":"you","comment":"why"}; {"downgrade":true} lowers raised features first.',
  abort:
    'End at the next safe point; a stopped node is brought back first, a parked one stays as it is: {"by":"you","comment":"why"}.',
  confirmDr: 'Confirm that the disaster-recovery path works: {"by":"you","comment":"how you know"}.',
};

/** Is this the name of a message? */
export const isMessageKind = (name: string): name is MessageKind => messageKinds.some((kind) => kind === name);

/** A payload after reading: what was not usable is null or empty. */
export interface MessagePayload {
  /** The same in every copy of one message, so that a copy is known for one; null when typed by hand. */
  id: string | null;
  gate: string | null;
  /** The number of the park that is meant. */
  park: number | null;
  /** The number of the pause that is meant. */
  pause: number | null;
  plan: string | null;
  by: string | null;
  comment: string | null;
  ticket: string | null;
  disasterRecovery: string | null;
  /** As typed: a name may be longer than any text, and begin with a space. */
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

/** `<why>`: what we print for a person to replace, and what was pasted as it was. */
const isPlaceholder = (value: string): boolean => /^<[^<>]*>$/.test(value.trim());

const text = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' && !isPlaceholder(value)
    ? value.trim().slice(0, maxTextLength)
    : null;

/**
 * Names are compared, never recorded: neither cut, which would make another name of one, nor limited in number, so that
 * whatever we print is read as it was printed. Temporal itself bounds the payload.
 */
const names = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((entry): entry is string => typeof entry === 'string');

/** Parks and pauses are counted from 1; people also type the number in quotes. */
const countOf = (value: unknown): number | null => {
  const number = typeof value === 'string' && /^\s*\d{1,9}\s*$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number > 0 ? number : null;
};

/** Reads any payload; never throws. A bare string is taken as the comment. */
export const parsePayload = (input: unknown): MessagePayload => {
  const fields = isRecord(input) ? input : { comment: input };
  return {
    id: text(fields['id']),
    gate: text(fields['gate']),
    park: countOf(fields['park']),
    pause: countOf(fields['pause']),
    plan: text(fields['plan']),
    by: text(fields['by']),
    comment: text(fields['comment']),
    ticket: text(fields['ticket']),
    disasterRecovery: text(fields['disasterRecovery']),
    accept: names(fields['accept']),
    downgrade: fields['downgrade'] === true,
  };
};
