import fc from 'fast-check';
import { acceptedOf } from '../../../src/domain/people/acceptance';
import { gatePayload } from '../../../src/domain/people/approval';
import { inForce, opened, passed, send } from '../../support/message-fixture';
import { planMade, samplePlan, stateAfter } from '../../support/upgrade-fixture';
import type { UpgradeState } from '../../../src/domain/upgrade/upgrade-state';

const wanted = ['audit-log', 'tmp-1', 'controller-quorum', 'deprecated-clients'];

const waiting = (mustAccept: string[]): UpgradeState =>
  stateAfter(planMade(samplePlan({ mustAccept, disasterRecovery: { probe: 'check' } })), opened('plan'));

describe('what is accepted', () => {
  it.each<[string, string[], string[]]>([
    ['nothing', [], []],
    ['a name', ['tmp-1'], ['tmp-1']],
    ['a name with spaces around it', [' tmp-1 '], ['tmp-1']],
    ['the beginning of a name', ['tmp'], []],
    ['a pattern', ['tmp-*'], ['tmp-1']],
    ['everything, which is every topic', ['*'], ['audit-log', 'tmp-1']],
    ['a pattern that would fit what is no topic', ['controller-*', '*-clients'], []],
    [
      'what is no topic, by its name',
      ['controller-quorum', 'deprecated-clients'],
      ['controller-quorum', 'deprecated-clients'],
    ],
    ['a name that nobody asks for', ['orders'], []],
    ['a pattern longer than any topic', [`${'*'.repeat(300)}x*`], []],
  ])('by %s', (_, words, expected) => {
    expect(acceptedOf(wanted, words)).toEqual(expected);
  });
});

describe('the approval of the plan', () => {
  it('by a wildcard does not accept the quorum or the clients', () => {
    const state = waiting(wanted);
    const payload = { gate: 'plan', plan: '1a2b3c4d', accept: ['*'] };
    expect(send(state, 'approve', payload)).toMatchObject({
      accepted: false,
      answer: expect.stringContaining('is not accepted by name: controller-quorum, deprecated-clients; send {"gate"'),
    });
  });

  it('is recorded with the names that its patterns stand for, and with nothing else', () => {
    const state = waiting(['audit-log', 'tmp-1']);
    const payload = { gate: 'plan', plan: '1a2b3c4d', accept: ['*', 'made-later'] };
    const { events } = send(state, 'approve', payload);
    expect(events[1]).toMatchObject({ type: 'gate-passed', accept: ['audit-log', 'tmp-1'] });
  });

  it('holds until the plan is made anew', () => {
    const approved = passed('plan', ['audit-log']);
    expect(stateAfter(planMade(), approved, passed('canary')).accepted).toEqual(['audit-log']);
    expect(stateAfter(planMade(), approved, planMade()).accepted).toEqual([]);
  });

  it('takes what we print ourselves, however many names there are, however long and odd they are', () => {
    const anyName = fc.oneof(
      fc.string({ minLength: 1, unit: 'grapheme' }),
      fc.string({ minLength: 1_001, maxLength: 2_000 }),
      fc.constantFrom(' spaced ', '<name>', 'controller-quorum', 'deprecated-clients', '*', 'a*'),
    );
    fc.assert(
      fc.property(fc.uniqueArray(anyName, { minLength: 1, maxLength: 20 }), (mustAccept) => {
        const state = waiting(mustAccept);
        const plan = samplePlan({ mustAccept, disasterRecovery: { probe: 'check' } });
        const { accepted, events } = send(state, 'approve', JSON.parse(gatePayload('plan', inForce(plan))));
        expect(accepted).toBe(true);
        expect(events[1]).toMatchObject({ accept: mustAccept });
      }),
      { numRuns: 200 },
    );
    const many = Array.from({ length: 3_000 }, (_, index) => `topic-${index}`);
    const plan = samplePlan({ mustAccept: many, disasterRecovery: { probe: 'check' } });
    expect(send(waiting(many), 'approve', JSON.parse(gatePayload('plan', inForce(plan)))).accepted).toBe(true);
  });

  it('that is refused does not repeat thousands of names in the record', () => {
    const many = Array.from({ length: 3_000 }, (_, index) => `topic-${index}`);
    const { answer } = send(waiting(many), 'approve', { gate: 'plan', plan: '1a2b3c4d' });
    expect(answer).toContain('topic-19 and 2980 more; send the JSON that the details page shows');
    expect(answer.length).toBeLessThan(600);
  });
});
