/**
 * I3 over any order of events and messages: what people say is judged a second time, by counting hands
 * (test/support/gate-model), and both must agree at every step.
 */
import fc from 'fast-check';
import { defaultApprovals } from '../../../src/domain/policy/approval-policy';
import type { GateRule } from '../../../src/domain/policy/approval-policy';
import type { GateName } from '../../../src/domain/policy/gate-name';
import { isMessageKind, messageKinds } from '../../../src/domain/people/message';
import { defaultPolicy } from '../../../src/domain/policy/policy';
import { initialState, reduce } from '../../../src/domain/upgrade/upgrade-state';
import type { UpgradeEventBody, UpgradeState } from '../../../src/domain/upgrade/upgrade-state';
import { upgradeStatus } from '../../../src/domain/upgrade/upgrade-status';
import type { WaitingAnswer } from '../../../src/domain/upgrade/upgrade-status';
import {
  afterHappening,
  afterSaying,
  isHeard,
  isPossible,
  isWanted,
  untouched,
  waitsFor,
} from '../../support/gate-model';
import type { GateModel, Happening, Happens, Said } from '../../support/gate-model';
import { rolled } from '../../support/kraft-fixture';
import { opened, send } from '../../support/message-fixture';
import { item, parked, samplePlan, startedAtMs } from '../../support/upgrade-fixture';

/** The product and the model, after the same steps. */
interface Both {
  state: UpgradeState;
  model: GateModel;
  /** Plans so far; each has a hash of its own. */
  plans: number;
}

const gateNames: GateName[] = ['plan', 'canary', 'node-1', 'protocol'];
const people = ['kim', 'jo', 'max', 'team-a', 'team-b'];

/** Each leaves two people beside any one requester. */
const anyRule: fc.Arbitrary<GateRule> = fc.record({
  quorum: fc.constantFrom(1, 2),
  approvers: fc.constantFrom(null, ['kim', 'jo', 'max'], ['team-*', 'kim'], ['*']),
  requesterMayApprove: fc.boolean(),
  commentRequired: fc.boolean(),
  ticketRequired: fc.boolean(),
});

const often = <T>(usual: T, ...others: T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) });

/** What is said before it is known which gate is asked. */
type Draft = Omit<Said, 'gate' | 'park' | 'pause'> & {
  gate: GateName | 'asked' | null;
  /** How the park or the pause is named, if one is. */
  hold: { what: 'park' | 'pause'; which: 'the one that waits' | 'the one before' | 'the next' } | null;
};

const anyDraft: fc.Arbitrary<Draft> = fc.record({
  kind: fc.oneof(
    { weight: 4, arbitrary: fc.constant('approve' as const) },
    { weight: 1, arbitrary: fc.constantFrom('retry' as const, 'rollback' as const) },
    { weight: 1, arbitrary: fc.constantFrom(...messageKinds) },
  ),
  by: fc.constantFrom(...people, 'Kim', 'TEAM-A', 'eve', null),
  comment: often<string | null>('read it', null),
  ticket: often<string | null>('CHG-1', null),
  gate: often<Draft['gate']>('asked', ...gateNames, null, null, null),
  hold: fc.option(
    fc.record({
      what: fc.constantFrom('park' as const, 'pause' as const),
      which: fc.constantFrom('the one that waits' as const, 'the one before' as const, 'the next' as const),
    }),
    { freq: 2 },
  ),
  plan: often<Said['plan']>('short', 'full', 'seven digits', 'old', null),
  confirmation: often<Said['confirmation']>('filled in', 'as printed', null),
  acceptsAll: often<boolean>(true, false),
});

const happenings: Happening[] = ['new plan', 'expired', 'parked', 'item 2 done', 'protocol', 'closed', 'open', 'ended'];

type AnyStep = Happens | { drafted: Draft };

const anyStep: fc.Arbitrary<AnyStep> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ drafted: anyDraft }) },
  { weight: 4, arbitrary: fc.record({ opens: fc.constantFrom(...gateNames) }) },
  { weight: 4, arbitrary: fc.record({ happens: fc.constantFrom(...happenings) }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom<AnyStep>({ happens: 'binaries' }, { happens: 'expired' }, { happens: 'way back' }),
  },
);

const hashOf = (plans: number): string => `${String(plans).padStart(8, '0')}${'a'.repeat(56)}`;

const eventOf = (happens: Happening, { model, plans }: Both): UpgradeEventBody => {
  switch (happens) {
    case 'new plan': {
      const policy = { ...defaultPolicy, approvals: { ...defaultApprovals, rule: model.rule } };
      return { type: 'plan-made', plan: samplePlan({ policy }), planHash: hashOf(plans + 1) };
    }
    case 'expired':
      return { type: 'gate-expired', gate: model.gate?.name ?? 'plan', waitedMs: 1 };
    case 'parked':
      return parked;
    case 'item 2 done':
      return item(2, 'done');
    case 'binaries':
    case 'protocol':
      return rolled(happens, 1, 'done');
    case 'closed':
      return { type: 'window', closed: { words: 'closed', opensAtMs: 1 } };
    case 'open':
      return { type: 'window', closed: null };
    case 'way back':
      return { type: 'rollback-started' };
    case 'ended':
      return { type: 'ended', outcome: 'completed', message: 'done' };
  }
};

const planText = ({ plans }: Both, plan: Said['plan']): string | null => {
  const digits = { short: 8, full: 64, 'seven digits': 7, old: 8 };
  return plan === null ? null : hashOf(plan === 'old' ? plans + 1 : plans).slice(0, digits[plan]);
};

const confirmations = { 'filled in': 'confirmed by kim: restore test', 'as printed': 'confirmed by <name>: <how>' };

const payloadOf = (
  both: Both,
  { by, comment, ticket, gate, park, pause, plan, confirmation, acceptsAll }: Said,
): unknown => ({
  ...{ by, comment, ticket, gate, park, pause, plan: planText(both, plan) },
  disasterRecovery: confirmation === null ? null : confirmations[confirmation],
  accept: acceptsAll ? ['audit-log'] : [],
});

const applied = (state: UpgradeState, events: readonly UpgradeEventBody[]): UpgradeState =>
  events.reduce<UpgradeState>((now, event) => reduce(now, { ...event, atMs: startedAtMs }), state);

/** A gate is passed by as many different people as its rule wants, all of whom it wants, and only while it is asked. */
const checkPass = ({ model }: Both, events: readonly UpgradeEventBody[]): void => {
  const pass = events.find(({ type }) => type === 'gate-passed');
  if (pass?.type !== 'gate-passed') return;
  const names = (pass.votes ?? []).map(({ by }) => by?.toLowerCase() ?? null);
  expect(new Set(names).size).toBeGreaterThanOrEqual(model.rule.quorum);
  expect(names.slice(0, -1)).toEqual(model.gate?.yes);
  expect(model.gate).toMatchObject({ name: pass.gate, expired: false });
  if (!model.rule.requesterMayApprove) expect(names).not.toContain(model.requester?.toLowerCase());
};

const say = (both: Both, said: Said): Both => {
  const { state, model } = both;
  const { accepted, answer, events } = send(state, said.kind, payloadOf(both, said));
  expect({ said, accepted, answer }).toEqual({ said, accepted: isHeard(model, said), answer });
  checkPass(both, events);
  // The levels that are read say yes at once.
  const wish = events.some(({ type }) => type === 'rollback-asked');
  const ends: UpgradeEventBody[] = wish
    ? [{ type: 'end-requested', outcome: 'rolled-back', by: null, comment: null }]
    : [];
  return { ...both, state: applied(state, [...events, ...ends]), model: accepted ? afterSaying(model, said) : model };
};

/** Numbers that never were are typed, too; below 1 there is none. */
const held = ({ parks, pauses }: GateModel, hold: Draft['hold']): Pick<Said, 'park' | 'pause'> => {
  if (hold === null) return { park: null, pause: null };
  const last = hold.what === 'park' ? parks : pauses;
  const number = last + { 'the one that waits': 0, 'the one before': -1, 'the next': 1 }[hold.which];
  return { park: null, pause: null, [hold.what]: number > 0 ? number : null };
};

const take = (both: Both, step: AnyStep): Both => {
  const { state, model, plans } = both;
  if ('drafted' in step) {
    const { gate, hold, ...rest } = step.drafted;
    const asked = gate === 'asked' ? (model.gate?.name ?? null) : gate;
    return say(both, { ...rest, gate: asked, ...held(model, hold) });
  }
  if (!isPossible(model, step)) return both;
  if ('opens' in step) {
    const gate = { name: step.opens, yes: [], expired: false };
    return { ...both, state: applied(state, [opened(step.opens)]), model: { ...model, gate } };
  }
  return {
    state: applied(state, [eventOf(step.happens, both)]),
    model: afterHappening(model, step.happens),
    plans: step.happens === 'new plan' ? plans + 1 : plans,
  };
};

/** Votes and passed gates are those of the model: none survives a gate that is asked again, or a new plan. */
const checkVotes = ({ state, model }: Both): void => {
  expect(state.passedGates).toEqual(model.passed);
  expect(state.openGate?.gate).toBe(model.gate?.name);
  expect(state.openGate?.votes.map(({ by }) => by?.toLowerCase())).toEqual(model.gate?.yes);
};

/** As a person does who is wanted at the gate. */
const filledIn = ({ payload }: WaitingAnswer, by: string): Record<string, unknown> => {
  const texts = {
    '<your name>': by,
    '<why>': 'read it',
    '<change ticket>': 'CHG-1',
    '<name>': by,
    '<how>': 'restored',
  };
  const filled = Object.entries(texts).reduce((text, [place, value]) => text.replaceAll(place, value), payload);
  return JSON.parse(filled) as Record<string, unknown>;
};

const accepts = (state: UpgradeState, signal: string, payload: unknown): boolean =>
  isMessageKind(signal) && send(state, signal, payload).accepted;

/** What the status shows is what is accepted right now, and at no other gate. */
const checkStatus = ({ state, model }: Both): void => {
  const { waitingFor } = upgradeStatus(state);
  expect(waitingFor?.kind ?? null).toBe(waitsFor(model));
  const person = people.find((name) => isWanted(model, name)) ?? '';
  for (const answer of waitingFor?.answers ?? []) {
    const payload = filledIn(answer, person);
    expect({ answer, accepted: accepts(state, answer.signal, payload) }).toEqual({ answer, accepted: true });
    if (answer.signal !== 'approve') continue;
    for (const gate of gateNames.filter((name) => name !== model.gate?.name))
      expect(accepts(state, 'approve', { ...payload, gate })).toBe(false);
  }
  const offersWayBack = waitingFor?.answers.some(({ signal }) => signal === 'rollback');
  if (offersWayBack !== undefined) expect(offersWayBack).toBe(accepts(state, 'rollback', {}));
};

it('I3: whatever happens in whatever order, hands are counted right, and the status shows what is accepted', () => {
  const requesters = fc.constantFrom(null, 'kim', 'Team-A', 'boss');
  fc.assert(
    fc.property(anyRule, requesters, fc.array(anyStep, { maxLength: 40, size: 'max' }), (rule, requester, steps) => {
      const request = { requester, ticket: null };
      const state = initialState({ cluster: 'orders-prod', target: '3.8.1', request, startedAtMs });
      const start: Both = { state, model: untouched(rule, requester), plans: 0 };
      [{ happens: 'new plan' } as const, ...steps].reduce<Both>((before, step) => {
        const both = take(before, step);
        checkVotes(both);
        checkStatus(both);
        return both;
      }, start);
    }),
    { numRuns: 250 },
  );
});
