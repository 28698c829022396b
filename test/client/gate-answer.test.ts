import { answerPayload, missingAnswers, withPlan } from '../../src/client/gate-answer';
import type { PlanAnswer } from '../../src/workflows/messages';
import { kraftPlan } from '../support/kraft-fixture';
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

  it('does not ask who confirms what somebody has confirmed', () => {
    const confirmed = { ...answer, disasterRecovery: 'confirmed by jane' };
    expect(missingAnswers('plan', {}, confirmed).disasterRecovery).toBe(false);
    expect(missingAnswers('plan', {}, { ...answer, disasterRecovery: null }).disasterRecovery).toBe(true);
  });

  it('asks for nothing at other gates', () => {
    expect(missingAnswers('protocol', {}, answer)).toEqual({ disasterRecovery: false, accept: [] });
  });
});

describe('missingAnswers of a KRaft plan', () => {
  const kraft = (mustAccept: string[]): PlanAnswer => ({ plan: kraftPlan({ mustAccept }), planHash: samplePlanHash });

  it('asks for the controller quorum by its name', () => {
    const plan = kraft(['controller-quorum', 'audit-log']);
    expect(missingAnswers('plan', { accept: ['audit-*'] }, plan).accept).toEqual(['controller-quorum']);
    expect(missingAnswers('plan', { accept: ['audit-*', 'controller-quorum'] }, plan).accept).toEqual([]);
  });

  it('asks for nothing at the gate of a feature', () => {
    const plan = kraft(['controller-quorum']);
    expect(missingAnswers('kraft.version', {}, plan)).toEqual({ disasterRecovery: false, accept: [] });
  });
});

describe('answerPayload', () => {
  it('holds only what was said', () => {
    expect(answerPayload({ gate: 'plan', comment: undefined, accept: [] })).toEqual({ gate: 'plan' });
  });

  it('keeps the word that lowers features', () => {
    expect(answerPayload({ downgrade: true, by: 'kim' })).toEqual({ downgrade: true, by: 'kim' });
    expect(answerPayload({ downgrade: undefined, by: 'kim' })).toEqual({ by: 'kim' });
  });
});

describe('withPlan', () => {
  it('fills in the hash that was read, and leaves a typed one alone', () => {
    expect(withPlan({}, answer).plan).toBe('1a2b3c4d');
    expect(withPlan({ plan: 'ffffffff' }, answer).plan).toBe('ffffffff');
  });
});
