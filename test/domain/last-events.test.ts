import { lastOf } from '../../src/domain/last-of';
import { waitingSince } from '../../src/domain/waiting-since';
import { eventsOf, midFirstRoll, startedAtMs } from '../support/upgrade-fixture';

describe('lastOf', () => {
  it.each<[unknown, number[]]>([
    [2, [2, 3]],
    [9, [1, 2, 3]],
    [undefined, [1, 2, 3]],
    [0, [1, 2, 3]],
    ['2', [1, 2, 3]],
  ])('with %p gives %p', (count, expected) => {
    expect(lastOf([1, 2, 3], count)).toEqual(expected);
  });
});

describe('waitingSince', () => {
  it('is when the gate that is open was opened, whatever was sent since', () => {
    const events = eventsOf(
      { type: 'gate-opened', gate: 'plan' },
      { type: 'message', kind: 'retry', by: null, comment: null, accepted: false, answer: 'nothing is parked' },
    );
    expect(waitingSince(events, 'approval')).toBe(startedAtMs + 1_000);
  });

  it('is not known when the events do not go back so far', () => {
    expect(waitingSince(eventsOf(...midFirstRoll), 'parked')).toBeNull();
  });
});
