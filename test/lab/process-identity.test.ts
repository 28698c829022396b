import { spawn, type ChildProcess } from 'node:child_process';
import {
  awaitGone,
  identify,
  isRunning,
  processesInNamespaceOf,
  sendSignal,
  type ProcessIdentity,
} from '../../src/lab/process-identity';

function startSleep(): ChildProcess & { pid: number } {
  const child = spawn('sleep', ['300'], { stdio: 'ignore' });
  if (child.pid === undefined) throw new Error('sleep did not start');
  return Object.assign(child, { pid: child.pid });
}

function identityOf(pid: number): ProcessIdentity {
  const identity = identify(pid);
  if (identity === null) throw new Error(`There is no process ${String(pid)}.`);
  return identity;
}

describe('the identity of a process', () => {
  it('holds while it runs and ends with it', async () => {
    const child = startSleep();
    const identity = identityOf(child.pid);
    expect(isRunning(identity)).toBe(true);
    expect(sendSignal(identity, 'SIGKILL')).toBe(true);
    expect(await awaitGone([identity], 5000)).toBe(true);
    expect(sendSignal(identity, 'SIGKILL')).toBe(false);
  });

  it('is not that of a later process with the same pid', () => {
    const earlier = { pid: process.pid, startTicks: identityOf(process.pid).startTicks - 1 };
    expect(isRunning(earlier)).toBe(false);
    expect(sendSignal(earlier, 'SIGKILL')).toBe(false);
  });

  it('is told to be still there at the time limit', async () => {
    expect(await awaitGone([identityOf(process.pid)], 50)).toBe(false);
  });

  it('is null for a pid that nobody has', () => {
    expect(identify(2 ** 30)).toBeNull();
  });

  it('comes with arguments and memory for all processes of a namespace', () => {
    const self = processesInNamespaceOf(process.pid).find(({ pid }) => pid === process.pid);
    expect(self?.arguments[0]).toContain('node');
    expect(self?.residentBytes).toBeGreaterThan(1_000_000);
  });
});
