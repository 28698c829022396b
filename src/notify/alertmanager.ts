/** Silences in an Alertmanager, by its API v2. */
import type { AlertSilenceDefinition } from '../config/definition';
import { UpgradeError } from '../domain/common/failure';
import { isRecord } from '../domain/common/is-record';
import { messageOf } from '../domain/common/message-of';
import { ask, excerptOf } from '../http/ask';
import type { HttpRequest } from '../http/ask';
import type { AlertSilencer, WantedSilence } from './alert-silencer';
import { readSecret } from './read-secret';

/** It answers from memory, in milliseconds (ms). */
const timeLimitMs = 5_000;
/** Thousands of silences (bytes). */
const sizeLimit = 16 * 1024 * 1024;

const createdBy = 'kafka-upgrade';

type Owner = Pick<WantedSilence, 'cluster' | 'runId'>;

/** By its words a silence is found again, whoever made it: this worker, another, or the attempt before. */
const commentOf = ({ cluster, runId }: Owner): string => `Kafka upgrade of ${cluster}, run ${runId}`;

interface FoundSilence {
  id: string;
  startsAt: string;
  endsAtMs: number;
}

const foundSilence = (entry: unknown, owner: Owner): FoundSilence[] => {
  if (!isRecord(entry) || entry['createdBy'] !== createdBy || entry['comment'] !== commentOf(owner)) return [];
  const { id, startsAt, endsAt, status } = entry;
  const isOver = !isRecord(status) || status['state'] === 'expired';
  if (isOver || typeof id !== 'string' || typeof startsAt !== 'string' || typeof endsAt !== 'string') return [];
  return [{ id, startsAt, endsAtMs: Date.parse(endsAt) }];
};

const authorization = async ({ basic, bearer }: AlertSilenceDefinition): Promise<Record<string, string>> => {
  if (bearer !== null) return { authorization: `Bearer ${await readSecret(bearer)}` };
  if (basic === null) return {};
  const pair = Buffer.from(`${basic.user}:${await readSecret(basic.password)}`, 'utf8').toString('base64');
  return { authorization: `Basic ${pair}` };
};

interface Request extends Pick<HttpRequest, 'method' | 'json' | 'signal'> {
  path: string;
}

const exchange = async (definition: AlertSilenceDefinition, { path, ...request }: Request): Promise<string> => {
  const url = `${definition.alertmanager}/api/v2${path}`;
  const answer = await ask({ url, headers: await authorization(definition), timeLimitMs, ...request });
  const text = await answer.text(sizeLimit);
  if (answer.status === 200) return text;
  throw new Error(`answered ${answer.status} ${answer.statusText}: ${excerptOf(text)}`);
};

/** Every trouble is one of the Alertmanager, by its address, which is no secret. */
const asked = async <T>({ alertmanager }: AlertSilenceDefinition, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw new UpgradeError('AlertmanagerFailed', `The Alertmanager at ${alertmanager}: ${messageOf(error)}.`);
  }
};

const silencesOf = async (
  definition: AlertSilenceDefinition,
  owner: Owner,
  signal?: AbortSignal,
): Promise<FoundSilence[]> => {
  const list: unknown = JSON.parse(await exchange(definition, { path: '/silences', signal }));
  if (!Array.isArray(list)) throw new Error('did not answer with a list of silences; is it an Alertmanager?');
  return list.flatMap((entry: unknown) => foundSilence(entry, owner));
};

const clockOf = (ms: number): string => `${new Date(ms).toISOString().slice(11, 16)} UTC`;

const ensure = async (
  definition: AlertSilenceDefinition,
  wanted: WantedSilence,
  signal?: AbortSignal,
): Promise<string> => {
  const [found] = await silencesOf(definition, wanted, signal);
  const until = clockOf(wanted.untilMs);
  if (found !== undefined && found.endsAtMs >= wanted.untilMs) return `silence ${found.id} lasts until ${until}`;
  const json = {
    // An update keeps the id only with the same matchers and the same start.
    ...(found === undefined ? {} : { id: found.id }),
    matchers: definition.matchers,
    startsAt: found?.startsAt ?? new Date().toISOString(),
    endsAt: new Date(wanted.untilMs).toISOString(),
    createdBy,
    comment: commentOf(wanted),
  };
  const answer: unknown = JSON.parse(await exchange(definition, { path: '/silences', json, signal }));
  const id = isRecord(answer) && typeof answer['silenceID'] === 'string' ? answer['silenceID'] : 'without an id';
  return `silence ${id} ${found === undefined ? 'made' : 'made longer'} until ${until}`;
};

const lift = async (definition: AlertSilenceDefinition, owner: Owner, signal?: AbortSignal): Promise<string> => {
  const found = await silencesOf(definition, owner, signal);
  for (const { id } of found) {
    await exchange(definition, { path: `/silence/${encodeURIComponent(id)}`, method: 'DELETE', signal });
  }
  return found.length === 0 ? 'no silence was left' : `silence ${found.map(({ id }) => id).join(', ')} ended`;
};

/** Silences of a real Alertmanager. */
export const alertmanager: AlertSilencer = {
  ensure: (definition, wanted, signal) => asked(definition, () => ensure(definition, wanted, signal)),
  lift: (definition, owner, signal) => asked(definition, () => lift(definition, owner, signal)),
};
