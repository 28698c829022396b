import { readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { processStart, withLock } from '../../../src/lab/provision/build-lock';
import { useTemporaryDirectory } from '../../support/temporary-directory';
import { until } from '../../support/until';

const directory = useTemporaryDirectory();

const writeLock = (owner: { host: string; pid: number; started: string }): void => {
  writeFileSync(join(directory(), 'thing.lock'), JSON.stringify(owner));
};

describe('withLock', () => {
  it('lets one caller in at a time and tells the others for whom they wait', async () => {
    let inside = 0;
    const seen: number[] = [];
    const messages: string[] = [];
    let finishFirst = (): void => undefined;
    const first = withLock('thing', { directory: directory() }, async () => {
      inside += 1;
      await new Promise<void>((resolve) => (finishFirst = resolve));
      inside -= 1;
    });
    await until('the first caller is in', () => inside === 1);
    const options = { directory: directory(), onWait: (message: string) => messages.push(message) };
    const second = withLock('thing', options, () => Promise.resolve(seen.push(inside)));
    await until('the second caller waits', () => messages.length === 1);
    finishFirst();
    await Promise.all([first, second]);
    expect(seen).toEqual([0]);
    expect(messages).toEqual([`thing: waiting for process ${process.pid}, which is fetching it already`]);
  });

  it('leaves nothing behind, not even after a failure', async () => {
    const failing = withLock('thing', { directory: directory() }, () => Promise.reject(new Error('no space')));
    await expect(failing).rejects.toThrow('no space');
    expect(readdirSync(directory())).toEqual([]);
  });

  it('takes over the lock of a process that is gone', async () => {
    // Process ids end at 4,194,304 on Linux.
    writeLock({ host: hostname(), pid: 4_999_999, started: '1' });
    await expect(withLock('thing', { directory: directory() }, () => Promise.resolve('in'))).resolves.toBe('in');
  });

  it('takes over the lock of a process whose id now belongs to another one', async () => {
    writeLock({ host: hostname(), pid: process.pid, started: 'long ago' });
    await expect(withLock('thing', { directory: directory() }, () => Promise.resolve('in'))).resolves.toBe('in');
  });

  it('waits for a process that is still there', async () => {
    writeLock({ host: hostname(), pid: process.pid, started: processStart(process.pid) ?? '' });
    const messages: string[] = [];
    const options = { directory: directory(), onWait: (message: string) => messages.push(message) };
    let entered = false;
    const waiting = withLock('thing', options, () => Promise.resolve((entered = true)));
    await until('it waits', () => messages.length === 1);
    expect(entered).toBe(false);
    writeLock({ host: hostname(), pid: 4_999_999, started: '1' });
    await waiting;
    expect(entered).toBe(true);
  });

  it('admits only one of many callers that find the same stale lock', async () => {
    writeLock({ host: hostname(), pid: 4_999_999, started: '1' });
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    };
    await Promise.all([1, 2, 3, 4, 5].map(() => withLock('thing', { directory: directory() }, work)));
    expect(most).toBe(1);
  });
});
