import { CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { ContactWatch } from '../../src/activities/contact-watch';
import { UpgradeError } from '../../src/domain/common/failure';
import type * as SkippedTime from '../support/skipped-time';
import { skipTime } from '../support/skipped-time';

jest.mock('../../src/activities/poll', () =>
  jest.requireActual<typeof SkippedTime>('../support/skipped-time').skippingPoll(),
);

const unreachable = new UpgradeError('SshUnreachable', 'Could not connect to kafka@10.0.0.2:22: no route', {
  port: 22,
});
const silent =
  (error: Error = unreachable) =>
  (): Promise<number> =>
    Promise.reject(error);
const inActivity = <T>(body: () => Promise<T>): Promise<T> =>
  new MockActivityEnvironment().run<[], T, () => Promise<T>>(body);

describe('the watch over the contact with a host', () => {
  it('gives what the look found, and knows of no silence', () =>
    inActivity(async () => {
      const contact = new ContactWatch(60_000);
      expect(await contact.try(() => Promise.resolve(7))).toBe(7);
      expect([contact.silentSinceMs, contact.words()]).toEqual([null, null]);
    }));

  it.each([
    unreachable,
    new UpgradeError(
      'CommandTimedOut',
      'looking for the broker process on kafka@10.0.0.2:22 was given up after 30.0 s.',
    ),
  ])('bears a host that does not answer, and says since when and why: %s', (error) =>
    inActivity(async () => {
      const contact = new ContactWatch(60_000);
      const before = Date.now();
      expect(await contact.try(silent(error))).toBeUndefined();
      expect(await contact.try(silent(error))).toBeUndefined();
      expect(contact.silentSinceMs).toBeGreaterThanOrEqual(before - 1);
      expect(contact.words()).toMatch(/^the host has not answered since \d\d:\d\d:\d\d UTC, tried 2 times: /);
      expect(contact.words()).toContain(error.message);
    }),
  );

  it('ends with what was tried, how often, since when, and the last error whole, beyond the limit', () =>
    inActivity(async () => {
      const contact = new ContactWatch(60_000);
      await contact.try(silent());
      skipTime(59_000);
      await contact.try(silent());
      skipTime(2_000);
      const what = 'looking for the process of broker 2';
      await expect(contact.try(silent(), { what })).rejects.toMatchObject({
        type: 'HostLost',
        message: expect.stringMatching(
          /^The host has not answered for 61 s, since \d\d:\d\d:\d\d UTC; looking for the process of broker 2 was tried 3 times\. Last: Could not connect to kafka@10\.0\.0\.2:22: no route$/,
        ),
        evidence: expect.objectContaining({ tries: 3, lastType: 'SshUnreachable', port: 22 }),
      });
    }));

  it('counts anew after any answer, also after a refusal, which is thrown at once', () =>
    inActivity(async () => {
      const contact = new ContactWatch(60_000);
      const refusal = new UpgradeError('SshAuthenticationFailed', 'the key was refused');
      await contact.try(silent());
      skipTime(61_000);
      await expect(contact.try(silent(refusal))).rejects.toBe(refusal);
      expect(contact.silentSinceMs).toBeNull();
      expect(await contact.try(silent())).toBeUndefined();
      await contact.try(() => Promise.resolve(null));
      skipTime(61_000);
      expect(await contact.try(silent())).toBeUndefined();
    }));

  it('goes on with the silence that an earlier attempt left behind, once it has met it for 15 s itself', () =>
    inActivity(async () => {
      const contact = new ContactWatch(60_000, Date.now() - 50_000);
      expect(await contact.try(silent())).toBeUndefined();
      skipTime(11_000);
      expect(await contact.try(silent())).toBeUndefined();
      skipTime(5_000);
      await expect(contact.try(silent())).rejects.toMatchObject({ type: 'HostLost' });
    }));

  it('is not misled by a silence that begins in the future', () =>
    inActivity(async () => {
      const contact = new ContactWatch(60_000, Date.now() + 600_000);
      expect(contact.silentSinceMs).toBeLessThanOrEqual(Date.now());
      expect(contact.words()).toBeNull();
      expect(await contact.try(silent())).toBeUndefined();
    }));

  it('gives up a look that hangs, and tells it so', () =>
    inActivity(async () => {
      const contact = new ContactWatch(60_000);
      let told: unknown = null;
      const hangs = contact.try(
        ({ signal }) =>
          new Promise<number>(() => {
            signal?.addEventListener('abort', () => {
              told = signal.reason;
            });
          }),
        { what: 'looking for the process of broker 2 on kafka@10.0.0.2:22', limitMs: 20 },
      );
      expect(await hangs).toBeUndefined();
      expect(told).toMatchObject({ type: 'CommandTimedOut' });
      expect(contact.words()).toContain(
        'looking for the process of broker 2 on kafka@10.0.0.2:22: no answer within 0.02 s',
      );
    }));

  it('ends at once when the activity is cancelled, also in a look that takes no notice', async () => {
    const environment = new MockActivityEnvironment();
    const contact = new ContactWatch(60_000);
    const began = performance.now();
    const ended = environment.run<[], number | undefined, () => Promise<number | undefined>>(() =>
      contact.try(() => new Promise<number>(() => undefined)),
    );
    environment.cancel('CANCELLED');
    await expect(ended).rejects.toBeInstanceOf(CancelledFailure);
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});

describe('the watch over work that nobody cancels', () => {
  const failed = new UpgradeError('CommandFailed', 'the start command ended with 1');
  const options = (isDown: boolean) => ({ what: 'the restart of broker 2', isDown: () => isDown });

  it.each([
    ['a silence while the node is down', unreachable, true, true],
    ['a silence while it is up', unreachable, false, true],
    ['a failure while the node is down', failed, true, true],
    ['a failure while it is up', failed, false, false],
    ['a refusal', new UpgradeError('HostRefused', 'sudo wants a password'), true, false],
    ['a bug', new TypeError('a bug'), true, false],
  ])('%s', (_, error, isDown, isBorne) =>
    inActivity(async () => {
      const work = new ContactWatch(60_000).steadily(silent(error), options(isDown));
      const outcome: unknown = await work.catch((seen: unknown) => seen);
      expect(outcome).toBe(isBorne ? undefined : error);
    }),
  );

  it('ends as HostLost beyond the limit, and with a failure of the host as it is', () =>
    inActivity(async () => {
      const [lost, failing] = [new ContactWatch(60_000), new ContactWatch(60_000)];
      await lost.steadily(silent(), options(true));
      await failing.steadily(silent(failed), options(true));
      expect(lost.words()).toContain('the host has not answered since');
      expect(failing.words()).toMatch(/^it has failed since .* UTC, tried 1 times: the start command ended with 1$/);
      skipTime(61_000);
      await expect(lost.steadily(silent(), options(true))).rejects.toMatchObject({
        type: 'HostLost',
        message: expect.stringContaining('the restart of broker 2 was tried 2 times'),
      });
      await expect(failing.steadily(silent(failed), options(true))).rejects.toBe(failed);
    }));

  it('counts anew after work that came through', () =>
    inActivity(async () => {
      const contact = new ContactWatch(60_000);
      await contact.steadily(silent(failed), options(true));
      expect(await contact.steadily(() => Promise.resolve(7), options(true))).toBe(7);
      skipTime(61_000);
      expect(await contact.steadily(silent(failed), options(true))).toBeUndefined();
    }));
});
