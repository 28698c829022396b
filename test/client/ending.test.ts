import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, RetryState, TerminatedFailure } from '@temporalio/common';
import { endingOfError, endingOfResult } from '../../src/client/ending';

const failed = (cause: Error): WorkflowFailedError =>
  new WorkflowFailedError('Workflow execution failed', cause, RetryState.NON_RETRYABLE_FAILURE);

describe('endingOfResult', () => {
  it('takes outcome and message of the workflow', () => {
    expect(endingOfResult({ outcome: 'completed', message: 'All run 3.8.1.' })).toEqual({
      outcome: 'completed',
      message: 'All run 3.8.1.',
      hint: '',
    });
  });

  it.each(['completed', 'rejected', 'aborted', 'rolled-back'])('knows the outcome %s', (outcome) => {
    expect(endingOfResult({ outcome, message: '' }).outcome).toBe(outcome);
  });

  it.each([[null], ['completed'], [{ outcome: 'fine' }]])('takes %p as a failure', (result) => {
    expect(endingOfResult(result).outcome).toBe('failed');
  });
});

describe('endingOfError', () => {
  it('finds the failure below its wrappers, with what to do', () => {
    const root = ApplicationFailure.nonRetryable('The release 3.8.1 is not on broker 2.', 'ReleaseMissing');
    const wrapped = ApplicationFailure.create({ message: 'Activity task failed', cause: root });
    expect(endingOfError(failed(wrapped))).toEqual({
      outcome: 'failed',
      message: 'The release 3.8.1 is not on broker 2.',
      hint: 'Install the release that the message names on that host, where `paths.releases` of the definition says; then send `retry`, or start again.',
    });
  });

  it('has the hint once, though the failure in Temporal holds it, too', () => {
    const message = 'The disaster-recovery path could not be confirmed: exit code 3.';
    const type = 'DisasterRecoveryUnconfirmed';
    const hint = 'The probe of the disaster-recovery path failed; repair it, then start again.';
    const cause = ApplicationFailure.nonRetryable(`${message} ${hint}`, type);
    expect(endingOfError(failed(cause))).toEqual({ outcome: 'failed', message, hint });
  });

  it('tells cancelled and terminated apart', () => {
    expect(endingOfError(failed(new CancelledFailure('x')))?.outcome).toBe('cancelled');
    expect(endingOfError(failed(new TerminatedFailure('x')))?.outcome).toBe('terminated');
  });

  it('is not about errors of the connection', () => {
    expect(endingOfError(new Error('deadline'))).toBeNull();
  });
});
