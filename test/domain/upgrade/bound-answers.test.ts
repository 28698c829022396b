/**
 * Answers are bound to what they answer: over every order of two parks and two pauses, with messages that come late, twice,
 * bare, or with the number of another.
 */
import fc from 'fast-check';
import { reduce } from '../../../src/domain/upgrade/upgrade-state';
import type { UpgradeEventBody, UpgradeState } from '../../../src/domain/upgrade/upgrade-state';
import { upgradeStatus } from '../../../src/domain/upgrade/upgrade-status';
import { atGate, hash, opened, send } from '../../support/message-fixture';
import { parked, paused, planMade, startedAtMs, stateAfter, trouble } from '../../support/upgrade-fixture';

const after = (state: UpgradeState, ...events: UpgradeEventBody[]): UpgradeState =>
  events.reduce<UpgradeState>((now, event) => reduce(now, { ...event, atMs: startedAtMs }), state);

/** A person reads what is shown now, and sends an answer of it later, perhaps twice. */
interface Sender {
  readAt: number;
  sendAt: number;
  twice: boolean;
  /** Which of the shown answers. */
  choice: 'retry' | 'resume' | 'bare retry' | 'bare resume' | 'bare approve';
}

const happenings = ['park', 'park', 'pause', 'pause', 'canary'] as const;

const length = happenings.length;

const anySender: fc.Arbitrary<Sender> = fc
  .record({
    readAt: fc.integer({ min: 1, max: length }),
    delay: fc.integer({ min: 0, max: length }),
    twice: fc.boolean(),
    choice: fc.constantFrom<Sender['choice'][]>('retry', 'resume', 'bare retry', 'bare resume', 'bare approve'),
  })
  .map(({ readAt, delay, twice, choice }) => ({ readAt, sendAt: Math.min(length, readAt + delay), twice, choice }));

const eventOf = (what: (typeof happenings)[number], index: number): UpgradeEventBody => {
  if (what === 'canary') return opened('canary');
  return what === 'pause' ? paused : { type: 'parked', trouble: { ...trouble, message: `Surprise ${index}.` } };
};

/** What a sender has read, as the payload that they send of it. */
const payloadOf = (state: UpgradeState, { choice }: Sender): unknown => {
  if (choice.startsWith('bare')) return {};
  const shown = upgradeStatus(state).waitingFor?.answers.find(({ signal }) => signal === choice);
  return shown === undefined ? {} : JSON.parse(shown.payload);
};

/** What a sender has read: the payload, and the numbers of the park and of the pause then. */
interface Read {
  payload: unknown;
  parks: number;
  pauses: number;
}

/** One copy of a message that arrives now, and what has to be true of it, each as what it is and what it should be. */
const arrive = (state: UpgradeState, { choice, copy }: Sender & { copy: number }, read: Read) => {
  const isBare = choice.startsWith('bare');
  const kind = choice.replace('bare ', '') as 'retry' | 'resume' | 'approve';
  const { accepted, events, answer } = send(state, kind, read.payload);
  const types = events.slice(1).map(({ type }) => type);
  const park = state.parked === null ? '' : `park ${state.parks} waits: ${state.parked.message}`;
  const isTold = accepted || kind === 'approve' || answer.includes(park);
  const facts = {
    passesAGate: types.includes('gate-passed'),
    doesTwoThings: types.length > 1,
    isHeardThoughItSaysNothingOrTwice: accepted && (isBare || copy > 0),
    doesAParkThatWasNotRead: types.includes('retried') && read.parks !== state.parks,
    liftsAPauseThatWasNotRead: types.includes('resumed') && read.pauses !== state.pauses,
    isRefusedWithoutWhatIsParkedNow: !isTold,
  };
  return { state: after(state, ...events), wrong: Object.entries(facts).flatMap(([what, is]) => (is ? [what] : [])) };
};

/** Everybody reads and sends at their times; resolves to all that went wrong. */
const play = (steps: readonly (typeof happenings)[number][], senders: readonly Sender[]): string[] => {
  const read = new Map<Sender, Read>();
  const wrong: string[] = [];
  steps.reduce((before, what, index) => {
    // Nothing parks on a park in reality; here it may, as a second surprise does.
    let state = after(before, eventOf(what, index));
    const { parks, pauses } = state;
    for (const sender of senders)
      if (sender.readAt === index + 1) read.set(sender, { payload: payloadOf(state, sender), parks, pauses });
    for (const sender of senders.filter(({ sendAt }) => sendAt === index + 1)) {
      for (let copy = 0; copy < (sender.twice ? 2 : 1); copy += 1) {
        const arrived = arrive(state, { ...sender, copy }, read.get(sender) ?? { payload: {}, parks: 0, pauses: 0 });
        wrong.push(...arrived.wrong);
        state = arrived.state;
      }
    }
    return state;
  }, stateAfter(planMade()));
  return wrong;
};

it('whatever the order, an answer does what its sender has read, or nothing', () => {
  const order = fc.shuffledSubarray([...happenings], { minLength: length });
  fc.assert(
    fc.property(order, fc.array(anySender, { minLength: 1, maxLength: 6 }), (steps, senders) => {
      expect(play(steps, senders)).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
});

describe('a late answer', () => {
  it('does not wave through a park that nobody has read', () => {
    const first = stateAfter(planMade(), parked);
    const { events } = send(first, 'retry', { park: 1 });
    const second = after(first, ...events, { type: 'parked', trouble: { ...trouble, message: 'Broker 3 died.' } });
    expect(send(second, 'retry', { park: 1, by: 'jo' })).toMatchObject({
      accepted: false,
      answer:
        'park 1 was answered already; park 2 waits: Broker 3 died. Once you have read it, send `retry` with {"park":2}',
    });
    expect(send(second, 'retry', { park: 2 }).accepted).toBe(true);
  });

  it('of a second person who lifts the same pause does not pass the canary behind it', () => {
    const state = atGate('canary', paused);
    const { events } = send(state, 'resume', { pause: 1 });
    const lifted = after(state, ...events);
    for (const payload of [{ pause: 1 }, {}, undefined])
      expect(send(lifted, 'resume', payload)).toMatchObject({
        accepted: false,
        answer: expect.stringContaining('{"gate":"canary","plan":"1a2b3c4d"}'),
      });
    expect(send(lifted, 'resume', { gate: 'canary' }).accepted).toBe(true);
  });

  it('to what is over says so; to what never was, too', () => {
    const over = stateAfter(planMade(), parked, { type: 'retried', by: null });
    expect(send(over, 'retry', { park: 1 }).answer).toBe(
      'park 1 was answered already; nothing is parked or paused now',
    );
    expect(send(over, 'resume', { pause: 4 }).answer).toBe('there was no pause 4 yet; nothing is parked or paused now');
  });

  it('is told a long message in short: the whole of it is in the record already', () => {
    const state = stateAfter(planMade(), { type: 'parked', trouble: { ...trouble, message: 'x'.repeat(2_000) } });
    expect(send(state, 'retry').answer.length).toBeLessThan(700);
  });

  it('at a gate that expired is told how it is asked again', () => {
    const state = atGate('canary', paused, { type: 'gate-expired', gate: 'canary', waitedMs: 1 });
    expect(send(state, 'resume').answer).toBe(
      'it must be said what is meant: pause 1 holds it: to lift it send `resume` with {"pause":1}; gate "canary" expired: to ask again send `retry` with {"gate":"canary"}',
    );
  });
});

it('numbers go on counting on the way back', () => {
  const state = stateAfter(planMade(), parked, paused, { type: 'rollback-started' }, parked, paused);
  expect(upgradeStatus(state)).toMatchObject({ park: 2, pause: 2 });
  expect(send(state, 'retry', { park: 1 }).accepted).toBe(false);
});

it('a pause behind a gate can be lifted there, and the gate stays closed', () => {
  const state = atGate('canary', paused);
  expect(upgradeStatus(state).waitingFor?.answers).toContainEqual({ signal: 'resume', payload: '{"pause":1}' });
  const { events } = send(state, 'resume', { pause: 1 });
  expect(after(state, ...events)).toMatchObject({ paused: false, openGate: { gate: 'canary' }, passedGates: [] });
  expect(send(state, 'approve', { gate: 'canary', plan: hash }).accepted).toBe(true);
});
