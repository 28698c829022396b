import { answerPayload, missingAnswers, withPlan } from '../../src/client/gate-answer';
import { samplePlan, samplePlanHash } from '../support/upgrade-fixture';

const answer = { plan: samplePlan(), planHash: samplePlanHash };

describe('missingAnswers', () => {
  it('asks for disaster recovery and for every topic that nobody accepted', () => {
    expect(missingAnswers('plan', {}, answer)).toEqual({ disasterRecovery: true, accept: ['audit-log'] });
  });

  it('asks for nothing that was said or that a probe does', () => {
    const probed = { ...answer, plan: samplePlan({ disasterRecovery: { probe: 'check' } }) };
    expect(missingAnswers('plan', { accept: ['audit-*'] }, probed)).toEqual({ disasterRecovery: false, accept: [] });
  });

  it('asks for nothing at other gates', () => {
    expect(missingAnswers('protocol', {}, answer)).toEqual({ disasterRecovery: false, accept: [] });
  });
});

describe('answerPayload', () => {
  it('holds only what was said', () => {
    expect(answerPayload({ gate: 'plan', comment: undefined, accept: [] })).toEqual({ gate: 'plan' });
  });
});

describe('withPlan', () => {
  it('fills in the hash that was read, and leaves a typed one alone', () => {
    expect(withPlan({}, answer).plan).toBe('1a2b3c4d');
    expect(withPlan({ plan: 'ffffffff' }, answer).plan).toBe('ffffffff');
  });
});
