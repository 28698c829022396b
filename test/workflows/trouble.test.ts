import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/workflow';
import { failureHint } from '../../src/domain/common/failure';
import { troubleOf, wholeCluster } from '../../src/workflows/trouble';

type TimeoutType = TimeoutFailure['timeoutType'];

const wrapped = (cause: Error): ActivityFailure =>
  new ActivityFailure('Activity task timed out', 'restartNode', '1', 'TIMEOUT', 'worker-1', cause);

const timeOut = (timeoutType: TimeoutType, heartbeat?: unknown, cause?: Error): TimeoutFailure => {
  const failure = new TimeoutFailure('activity timeout', heartbeat, timeoutType);
  return cause === undefined ? failure : Object.assign(failure, { cause });
};

describe('a step that ran out of time', () => {
  it.each<[string, TimeoutFailure, string, string]>([
    ['its worker is silent', timeOut('HEARTBEAT'), 'WorkerLost', 'was not heard again (HEARTBEAT)'],
    ['its worker is frozen', timeOut('START_TO_CLOSE'), 'WorkerLost', 'did not end it in time (START_TO_CLOSE)'],
    ['nobody takes it up', timeOut('SCHEDULE_TO_START'), 'NoWorker', 'No worker took a step up'],
    ['nobody takes it up to the end', timeOut('SCHEDULE_TO_CLOSE', null), 'NoWorker', 'No worker took a step up'],
    [
      'a worker had taken it up',
      timeOut('SCHEDULE_TO_CLOSE', { message: 'waiting' }),
      'WorkerLost',
      'was not heard again (SCHEDULE_TO_CLOSE)',
    ],
    [
      'its last worker was silent',
      timeOut('SCHEDULE_TO_CLOSE', null, timeOut('HEARTBEAT')),
      'WorkerLost',
      'was not heard again (HEARTBEAT)',
    ],
  ])('because %s says where to look: at the workers, not at the host', (_, cause, type, words) => {
    const trouble = troubleOf(wrapped(cause), wholeCluster);
    expect(trouble).toMatchObject({ type, message: expect.stringContaining(words), hint: failureHint(type) });
    expect(trouble.hint).not.toContain('load of the host');
  });

  it('because it failed again and again is that failure', () => {
    const failure = ApplicationFailure.create({ type: 'SshUnreachable', message: 'no route to kafka-1' });
    expect(troubleOf(wrapped(timeOut('SCHEDULE_TO_CLOSE', null, failure)), wholeCluster)).toMatchObject({
      type: 'SshUnreachable',
      message: 'no route to kafka-1',
    });
  });
});
