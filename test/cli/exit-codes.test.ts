import { exitCodeOf, exitCodeOfLook, exitCodes } from '../../src/cli/exit-codes';
import { errorLines } from '../../src/cli/error-lines';
import { ClientError } from '../../src/client/client-error';
import { UpgradeError } from '../../src/domain/common/failure';
import { upgradeStatus } from '../../src/domain/upgrade/upgrade-status';
import { everyNodeRuns, kraftStateAfter } from '../support/kraft-fixture';
import { midFirstRoll, stateAfter } from '../support/upgrade-fixture';

describe('exitCodeOf', () => {
  it.each([
    ['unreachable', exitCodes.unreachable],
    ['no-worker', exitCodes.unreachable],
    ['not-found', exitCodes.notFound],
    ['already-running', exitCodes.failed],
    ['refused', exitCodes.failed],
    ['invalid', exitCodes.usage],
  ] as const)('gives %s its code', (kind, code) => {
    expect(exitCodeOf(new ClientError(kind, 'x', { hint: '' }))).toBe(code);
  });

  it('takes what the operator wrote as usage, and what the cluster says as failure', () => {
    expect(exitCodeOf(new UpgradeError('InvalidDefinition', 'x'))).toBe(exitCodes.usage);
    expect(exitCodeOf(new UpgradeError('SshUnreachable', 'x'))).toBe(exitCodes.failed);
    expect(exitCodeOf(new Error('x'))).toBe(exitCodes.failed);
  });
});

describe('exitCodeOfLook', () => {
  const running = upgradeStatus(stateAfter(...midFirstRoll));

  it('is 0 while it goes well and when it completed', () => {
    expect(exitCodeOfLook({ status: running, ending: null })).toBe(0);
    expect(exitCodeOfLook({ status: running, ending: { outcome: 'completed', message: '', hint: '' } })).toBe(0);
  });

  it('is 4 while a person is needed', () => {
    const status = upgradeStatus(stateAfter(...midFirstRoll, { type: 'gate-opened', gate: 'canary' }));
    expect(exitCodeOfLook({ status, ending: null })).toBe(4);
  });

  it.each(['aborted', 'rejected', 'rolled-back', 'failed', 'cancelled', 'terminated'] as const)(
    'is 1 at the end "%s"',
    (outcome) => {
      expect(exitCodeOfLook({ status: running, ending: { outcome, message: '', hint: '' } })).toBe(1);
    },
  );

  it('is 0 while the old binaries are put back: nobody is needed', () => {
    const status = upgradeStatus(stateAfter(...midFirstRoll, { type: 'rollback-started' }));
    expect(exitCodeOfLook({ status, ending: null })).toBe(0);
  });

  it('is 4 at the gate of a feature', () => {
    const status = upgradeStatus(kraftStateAfter(...everyNodeRuns(), { type: 'gate-opened', gate: 'protocol' }));
    expect(exitCodeOfLook({ status, ending: null })).toBe(4);
  });
});

describe('errorLines', () => {
  it('says what was seen, then what to do', () => {
    expect(errorLines(new ClientError('refused', 'No.', { hint: 'Ask again.' }), false)).toBe('error: No.\nAsk again.');
  });

  it('does not repeat a hint that the message holds', () => {
    const { message } = new UpgradeError('PlanBlocked', 'Blocked. Resolve the blockers of the plan, then start again.');
    expect(errorLines(new UpgradeError('PlanBlocked', message), false)).toBe(`error: ${message}`);
  });
});
