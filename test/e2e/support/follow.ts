/** Follows an upgrade as a test does: answers its approvals with yes until what the test waits for is seen. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ClientError } from '../../../src/client/client-error';
import type { UpgradeClient, UpgradeLook } from '../../../src/client/upgrade-client';
import { yesToAll } from '../../../src/demo/answers';
import type { GateName } from '../../../src/domain/policy/gate-name';
import { until } from '../../support/until';

/** A step of an upgrade on a busy machine (ms). */
const patienceMs = 4 * 60_000;

/** Each look costs the worker several queries (ms between two). */
const pauseMs = 200;

/** One look; null while the worker takes longer to answer than the client waits, as it may on a busy machine. */
export const lookIfAnswered = async (client: UpgradeClient): Promise<UpgradeLook | null> => {
  try {
    return await client.look();
  } catch (error) {
    if (error instanceof ClientError && error.kind === 'no-worker') return null;
    throw error;
  }
};

/** Everything that a look tells of the present moment. */
export const wordsOf = ({ live, status }: UpgradeLook): string =>
  [
    `${status.phase}: ${status.message}`,
    ...live.activities.map(({ message, verdict }) => `${message} ${verdict?.message}`),
    status.trouble?.message,
  ].join('\n');

/** Waits until a look holds what is asked for. Approvals on the way are given; pauses and parked steps are left alone. */
export type Follow = (what: string, holds: (look: UpgradeLook) => boolean) => Promise<UpgradeLook>;

/** A follower that remembers which gates it has answered; the one in `leave` is the test's own to answer. */
export const follow = (client: UpgradeClient, leave?: GateName): Follow => {
  const answerer = yesToAll(client, () => undefined);
  let latest: UpgradeLook | null = null;
  const check = async (holds: (look: UpgradeLook) => boolean): Promise<UpgradeLook | null> => {
    await sleep(pauseMs);
    const look = await lookIfAnswered(client);
    if (look === null) return null;
    latest = look;
    const { waitingFor } = look.status;
    const isOurs = waitingFor?.kind === 'approval' && waitingFor.gate !== leave;
    if (isOurs && answerer.wants(look)) await answerer.answer(look);
    return holds(look) ? look : null;
  };
  return async (what, holds) => {
    try {
      return await until(what, () => check(holds), patienceMs);
    } catch (error) {
      if (error instanceof Error) error.message += `; seen last: ${latest === null ? 'nothing' : wordsOf(latest)}`;
      throw error;
    }
  };
};
