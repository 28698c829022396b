import fc from 'fast-check';
import { failed, inconclusive, successful, verdictOf } from '../../../src/domain/health/gate';
import type { GateVerdict } from '../../../src/domain/health/gate';
import { backOn, fromTheGate, nodeSteps, restartTiming } from '../../../src/domain/upgrade/node-roll';

describe('the steps of a restart', () => {
  it('are one that waits for nobody, its health, and the end with a node that stayed healthy', () => {
    expect(nodeSteps).toEqual(['restarting', 'catching-up', 'settled']);
  });

  it('begin at the gate: nothing is stopped that was not measured', () => {
    expect(fromTheGate).toEqual({ at: 'gate' });
  });
});

describe('where the time of a restart went', () => {
  it.each([
    ['what the floor leaves over', { totalMs: 36_200, stopMs: 2_400, startMs: 2_800, policyWaitMs: 30_500 }, 500],
    ['nothing where all of it was waited for', { totalMs: 100, stopMs: 40, startMs: 60, policyWaitMs: 0 }, 0],
    ['all of it for a node that was never stopped', { totalMs: 700, stopMs: 0, startMs: 0, policyWaitMs: 0 }, 700],
    ['never negative: parts come from two clocks', { totalMs: 90, stopMs: 60, startMs: 60, policyWaitMs: 0 }, 0],
  ])('the overhead is %s', (_what, times, overheadMs) => {
    expect(restartTiming(times)).toEqual({ ...times, overheadMs });
  });

  it('adds up to the total as long as the parts fit into it', () => {
    const part = fc.nat(400_000);
    fc.assert(
      fc.property(part, part, part, part, (stopMs, startMs, policyWaitMs, rest) => {
        const totalMs = stopMs + startMs + policyWaitMs + rest;
        expect(restartTiming({ totalMs, stopMs, startMs, policyWaitMs }).overheadMs).toBe(rest);
      }),
    );
  });
});

describe('a node that was put back on its old release', () => {
  const verdict = (...checks: GateVerdict['checks']): GateVerdict => verdictOf(checks);
  const version = successful('version', 'broker 2 runs 3.7.2');

  it.each<[string, GateVerdict, string]>([
    ['healthy', verdict(version), 'The old release 3.7.2 was put back and broker 2 is healthy on it.'],
    [
      'not healthy, with every reason',
      verdict(version, failed('gauges', 'broker 1 has 3 under-replicated partitions'), failed('leaders', 'no leader')),
      'The old release 3.7.2 was put back and runs, but broker 2 is not healthy yet: broker 1 has 3 under-replicated partitions; no leader.',
    ],
    [
      'not known to be healthy',
      verdict(version, inconclusive('gauges', 'broker 3 has no fresh sample')),
      'The old release 3.7.2 was put back and runs, but broker 2 is not healthy yet: broker 3 has no fresh sample.',
    ],
    [
      'not to be measured at all',
      { status: 'error', message: 'no broker answers', checks: [] },
      'The old release 3.7.2 was put back and runs, but broker 2 is not healthy yet: no broker answers.',
    ],
  ])('is %s', (_what, given, sentence) => {
    expect(backOn(2, '3.7.2', given)).toBe(sentence);
  });
});
