/** Titles and texts that people write for their own channels: words with `{placeholders}` of a notice. */
import { DateTime } from 'luxon';
import type { Notice } from './notice';

/** What a notice is sent with beside its facts: all of it made on the worker. */
export interface NoticeExtras {
  /** Page of the upgrade in the web UI; null when the worker does not know its address. */
  link: string | null;
  /** A command line that gives the first answer; null when nobody is waited for. */
  command: string | null;
}

const or = (value: string | number | null | undefined): string => String(value ?? '');

type ValueOf = (notice: Notice, extras: NoticeExtras) => string;

const values = {
  kind: ({ kind }) => kind,
  cluster: ({ cluster }) => cluster,
  from: ({ from }) => or(from),
  to: ({ to }) => to,
  phase: ({ phase }) => phase,
  message: ({ message }) => message,
  node: ({ nodeId }) => or(nodeId),
  wait: ({ wait }) => or(wait?.name),
  waited: ({ wait }) => (wait === null ? '' : `${Math.round(wait.waitedMs / 60_000)} min`),
  question: ({ wait }) => or(wait?.question),
  afterwards: ({ wait }) => or(wait?.afterwards),
  who: ({ wait }) => or(wait?.who),
  signal: ({ wait }) => or(wait?.answers[0]?.signal),
  answer: ({ wait }) => or(wait?.answers[0]?.payload),
  command: (_notice, { command }) => or(command),
  link: (_notice, { link }) => or(link),
  by: ({ by }) => or(by),
  outcome: ({ outcome }) => or(outcome),
  requester: ({ requester }) => or(requester),
  ticket: ({ ticket }) => or(ticket),
  plan: ({ plan }) => or(plan),
  workflow: ({ workflowId }) => workflowId,
  time: ({ atMs }) => or(DateTime.fromMillis(atMs, { zone: 'utc' }).toISO()),
} satisfies Record<string, ValueOf>;

/** Every placeholder there is. */
export const placeholders = Object.keys(values);

/** Only a name in braces is a placeholder: JSON in a template stays as it is. */
const placeholder = /\{([A-Za-z][A-Za-z0-9_-]*)\}/g;

const isKnown = (name: string): name is keyof typeof values => Object.hasOwn(values, name);

/** Names in braces that mean nothing: mistakes of whoever wrote the template. */
export const unknownPlaceholders = (template: string): string[] =>
  [...template.matchAll(placeholder)].map(([whole]) => whole.slice(1, -1)).filter((name) => !isKnown(name));

/** The template with the facts of the notice; what it has no fact for is left empty. */
export const fillTemplate = (template: string, notice: Notice, extras: NoticeExtras): string =>
  template.replace(placeholder, (whole, name: string) => (isKnown(name) ? values[name](notice, extras) : whole));
