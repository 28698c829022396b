/**
 * People at the gates of one upgrade, counted by hand: a second, much simpler telling of what the product decides with
 * plans, votes and states. It shares no code with it.
 */
import type { GateRule } from '../../src/domain/policy/approval-policy';
import type { GateName } from '../../src/domain/policy/gate-name';
import type { MessageKind } from '../../src/domain/people/message';

/** What somebody says; what is left out is null. */
export interface Said {
  kind: MessageKind;
  by: string | null;
  comment: string | null;
  ticket: string | null;
  gate: GateName | null;
  /** The number of the park, and of the pause, that is named. */
  park: number | null;
  pause: number | null;
  /** How the plan is named; `old` is another plan's. */
  plan: 'short' | 'full' | 'seven digits' | 'old' | null;
  confirmation: 'filled in' | 'as printed' | null;
  acceptsAll: boolean;
}

/** What happens without people. */
export type Happening =
  | 'new plan'
  | 'expired'
  | 'parked'
  | 'item 2 done'
  | 'binaries'
  | 'protocol'
  | 'closed'
  | 'open'
  | 'way back'
  | 'ended';

export type Happens = { opens: GateName } | { happens: Happening };

/** The upgrade as these people see it. */
export interface GateModel {
  rule: GateRule;
  requester: string | null;
  hasPlan: boolean;
  /** `yes` holds everybody who approved since it was asked. */
  gate: { name: GateName; yes: string[]; expired: boolean } | null;
  passed: GateName[];
  confirmed: boolean;
  item2Done: boolean;
  touched: 'nothing' | 'binaries' | 'protocol';
  parked: boolean;
  paused: boolean;
  /** How many there were so far. */
  parks: number;
  pauses: number;
  ending: 'back' | 'end' | null;
  ended: boolean;
  rollingBack: boolean;
}

/** Nothing happened yet. */
export const untouched = (rule: GateRule, requester: string | null): GateModel => ({
  rule,
  requester,
  hasPlan: false,
  gate: null,
  passed: [],
  confirmed: false,
  item2Done: false,
  touched: 'nothing',
  parked: false,
  paused: false,
  parks: 0,
  pauses: 0,
  ending: null,
  ended: false,
  rollingBack: false,
});

const plain = (name: string): string => name.trim().toLowerCase();

const isNamed = (approvers: readonly string[], name: string): boolean =>
  approvers.some((entry) => (entry.endsWith('*') ? name.startsWith(entry.slice(0, -1)) : entry === name));

/** May this person say yes now, by the rule alone? */
export const isWanted = ({ rule, requester, gate }: GateModel, by: string): boolean =>
  (rule.approvers === null || isNamed(rule.approvers, plain(by))) &&
  (rule.requesterMayApprove || requester === null || plain(requester) !== plain(by)) &&
  gate?.yes.includes(plain(by)) !== true;

const isAnonymous = ({ approvers, quorum, requesterMayApprove }: GateRule): boolean =>
  approvers === null && quorum === 1 && requesterMayApprove;

const namesIt = (gate: GateName, said: Said): boolean =>
  said.gate === gate &&
  (gate === 'canary' ? [null, 'short', 'full'].includes(said.plan) : ['short', 'full'].includes(said.plan ?? ''));

const coversPlan = ({ confirmed }: GateModel, { acceptsAll, confirmation }: Said): boolean =>
  acceptsAll && (confirmed || confirmation === 'filled in');

/** Is this a yes that counts? */
const counts = (model: GateModel, said: Said): boolean => {
  const { gate, rule } = model;
  if (gate === null || gate.expired || !namesIt(gate.name, said)) return false;
  if (gate.name === 'plan' && !coversPlan(model, said)) return false;
  if (rule.commentRequired && said.comment === null) return false;
  if (rule.ticketRequired && said.ticket === null) return false;
  return said.by === null ? isAnonymous(rule) : isWanted(model, said.by);
};

/** Exactly one of a gate, a park and a pause is named. */
const namesOnly = (said: Said, what: 'gate' | 'park' | 'pause'): boolean =>
  (['gate', 'park', 'pause'] as const).every((name) => (said[name] !== null) === (name === what));

const isParkMeant = ({ parked, parks }: GateModel, said: Said): boolean =>
  namesOnly(said, 'park') && parked && said.park === parks;

const isPauseMeant = ({ paused, pauses }: GateModel, said: Said): boolean =>
  namesOnly(said, 'pause') && paused && said.pause === pauses;

const isExpiredMeant = ({ gate }: GateModel, said: Said): boolean =>
  namesOnly(said, 'gate') && gate?.expired === true && said.gate === gate.name;

const isAbout = (gate: GateModel['gate'], said: Said): boolean =>
  gate !== null && [null, gate.name].includes(said.gate);

const hears = (model: GateModel, said: Said): boolean => {
  switch (said.kind) {
    case 'approve':
      return namesOnly(said, 'gate') && counts(model, said);
    case 'resume':
      return isPauseMeant(model, said) || isParkMeant(model, said) || (namesOnly(said, 'gate') && counts(model, said));
    case 'retry':
      return isParkMeant(model, said) || isExpiredMeant(model, said);
    case 'pause':
      return !model.paused;
    case 'rollback':
      return model.touched === 'binaries' && !model.rollingBack;
    case 'reject':
      return isAbout(model.gate, said);
    case 'abort':
      return true;
    case 'confirmDr':
      return said.by !== null && !model.confirmed && !model.item2Done;
  }
};

/** Does the upgrade do what is said? Once it ends it hears nothing. */
export const isHeard = (model: GateModel, said: Said): boolean =>
  !model.ended && model.ending === null && hears(model, said);

const withYes = (model: GateModel, by: string | null): GateModel => {
  const { gate, rule, passed } = model;
  if (gate === null) return model;
  const yes = [...gate.yes, plain(by ?? '')];
  return yes.length < rule.quorum
    ? { ...model, gate: { ...gate, yes } }
    : { ...model, gate: null, passed: [...passed, gate.name] };
};

const askedAgain = (model: GateModel): GateModel =>
  model.gate === null ? model : { ...model, gate: { ...model.gate, yes: [], expired: false } };

/** After something was said that the upgrade does. */
export const afterSaying = (model: GateModel, said: Said): GateModel => {
  switch (said.kind) {
    case 'approve':
      return withYes(model, said.by);
    case 'resume':
      if (said.pause !== null) return { ...model, paused: false };
      return said.park === null ? withYes(model, said.by) : { ...model, parked: false };
    case 'retry':
      return said.park === null ? askedAgain(model) : { ...model, parked: false };
    case 'pause':
      return { ...model, paused: true, pauses: model.pauses + 1 };
    case 'rollback':
      return { ...model, ending: 'back' };
    case 'reject':
    case 'abort':
      return { ...model, ending: 'end' };
    case 'confirmDr':
      return { ...model, confirmed: true };
  }
};

/** Could this happen now? A gate opens only when none is open, and the way back begins only when somebody asked for it. */
export const isPossible = (model: GateModel, step: Happens): boolean => {
  if (model.ended) return false;
  if ('opens' in step) return model.hasPlan && model.gate === null && model.ending === null;
  switch (step.happens) {
    case 'expired':
      return model.gate?.expired === false && model.ending === null;
    case 'binaries':
    case 'protocol':
      return model.hasPlan && model.touched !== 'protocol';
    case 'way back':
      return model.ending === 'back';
    default:
      return true;
  }
};

/** After something happened without people. */
export const afterHappening = (model: GateModel, happens: Happening): GateModel => {
  switch (happens) {
    case 'new plan':
      return { ...model, hasPlan: true, gate: null, passed: [], touched: 'nothing' };
    case 'expired':
      return model.gate === null ? model : { ...model, gate: { ...model.gate, expired: true } };
    case 'parked':
      return { ...model, parked: true, parks: model.parks + 1 };
    case 'item 2 done':
      return { ...model, item2Done: true };
    case 'binaries':
    case 'protocol':
      return { ...model, touched: happens };
    case 'way back':
      return { ...model, rollingBack: true, ending: null, gate: null, parked: false, paused: false };
    case 'ended':
      return { ...model, ended: true, gate: null };
    case 'closed':
    case 'open':
      return model;
  }
};

/** For what a person is waited for. */
export const waitsFor = ({ ended, ending, parked, gate, paused }: GateModel): string | null => {
  if (ended || ending !== null) return null;
  if (parked) return 'parked';
  if (gate !== null) return 'approval';
  return paused ? 'paused' : null;
};
