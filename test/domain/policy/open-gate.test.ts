import { gateAfter, samePerson } from '../../../src/domain/policy/open-gate';
import type { GateEvent, OpenGate, Vote } from '../../../src/domain/policy/open-gate';

const vote: Vote = { by: 'kim', comment: null, ticket: null };
const fresh: OpenGate = { gate: 'protocol', openedAtMs: 5, votes: [], expiredAtMs: null };
const passed: GateEvent = {
  type: 'gate-passed',
  gate: 'protocol',
  by: 'jo',
  comment: null,
  disasterRecovery: null,
  accept: [],
};

describe('an open gate', () => {
  it.each<[string, OpenGate | null, GateEvent, OpenGate | null]>([
    ['opens without votes', null, { type: 'gate-opened', gate: 'protocol' }, fresh],
    ['keeps a vote', fresh, { type: 'gate-voted', gate: 'protocol', vote }, { ...fresh, votes: [vote] }],
    ['expires', fresh, { type: 'gate-expired', gate: 'protocol', waitedMs: 9 }, { ...fresh, expiredAtMs: 5 }],
    [
      'is asked anew from the start',
      { ...fresh, openedAtMs: 1, votes: [vote], expiredAtMs: 3 },
      { type: 'gate-reopened', gate: 'protocol', by: 'kim' },
      fresh,
    ],
    ['is gone when it is passed', { ...fresh, votes: [vote] }, passed, null],
    ['that is closed takes no vote', null, { type: 'gate-voted', gate: 'protocol', vote }, null],
    ['that is closed does not expire', null, { type: 'gate-expired', gate: 'protocol', waitedMs: 9 }, null],
  ])('%s', (_, open, event, expected) => {
    expect(gateAfter(open, { ...event, atMs: 5 })).toEqual(expected);
  });
});

it.each([
  ['kim', 'kim', true],
  ['kim', ' KIM ', true],
  ['kim', 'jim', false],
])('%j and %j are the same person: %s', (a, b, same) => {
  expect(samePerson(a, b)).toBe(same);
});
