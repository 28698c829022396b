import { UpgradeError } from '../../../src/domain/common/failure';
import { hasBegun, restartCause, restartId, sameProcess } from '../../../src/domain/restart/restart-record';

const broker = { pid: 7, startTicks: 100 };

it.each([
  ['the same', broker, { ...broker }, true],
  ['another pid', broker, { ...broker, pid: 8 }, false],
  ['a pid that another process has by now', broker, { ...broker, startTicks: 101 }, false],
  ['none on one side', broker, null, false],
  ['none on the other', null, broker, false],
  ['none at all', null, null, false],
])('the same process: %s', (_, a, b, same) => {
  expect(sameProcess(a, b)).toBe(same);
});

it('all attempts of one restart share its id, and no two restarts do', () => {
  expect(restartId({ runId: 'run-1', epoch: 2, step: 30 })).toBe('run-1/2.30');
  expect(restartId({ runId: 'run-1', epoch: 2, step: 31 })).not.toBe(restartId({ runId: 'run-1', epoch: 2, step: 30 }));
});

it('a restart has begun when it asked, or gave a start', () => {
  const record = { id: 'r', asked: null, exited: null, cause: null, launches: [] };
  const launches = [{ aim: 'planned' as const, version: '3.8.1', started: null }];
  const all = [null, record, { ...record, asked: broker }, { ...record, launches }];
  expect(all.map(hasBegun)).toEqual([false, false, true, true]);
});

it('tells what a step has thrown by its type, and what is none of ours as unexpected', () => {
  expect(restartCause(new UpgradeError('StartFailed', 'it died'))).toEqual({ type: 'StartFailed', message: 'it died' });
  expect(restartCause(new Error('a fault'))).toEqual({ type: 'UnexpectedFailure', message: 'a fault' });
});
