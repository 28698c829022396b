/**
 * What turned up in mid-upgrade, accepted by name at its park: a new topic that no restart can protect, a consumer group
 * that was retired.
 *
 *   1. The answer names the park that waits, and names out of those that the park offers, letter by letter: no patterns.
 *   2. It is an approval: the rule of gate `plan` says who may give it, what has to be said with it, and how many people it
 *      takes. All of them accept the same names.
 *   3. Once given it stands until the end, and the parked step is done again.
 */
import { planRule, ruleFields } from '../people/approval';
import { judgeVote } from '../people/vote';
import type { Message, MessagePayload } from '../people/message';
import { ruleWords } from '../policy/approval-policy';
import type { GateRule } from '../policy/approval-policy';
import type { Vote } from '../policy/open-gate';
import { accept, refuse } from './reply';
import type { Reply } from './reply';
import type { UpgradeState } from './upgrade-state';
import { lateWords, parkOf, whatWaits } from './what-waits';

/** What may be accepted at the park that waits, under which rule. */
export interface AcceptanceOffer {
  park: number;
  names: string[];
  rule: GateRule;
  /** Who said yes so far. */
  votes: readonly Vote[];
  /** The JSON of the answer, ready to paste. */
  payload: string;
}

/** The offer of the park that waits; null when there is none. Once somebody has accepted some of the names, it is those. */
export const acceptanceOffer = (state: UpgradeState): AcceptanceOffer | null => {
  const park = parkOf(state);
  const { parked, plan, acceptance } = state;
  const names = acceptance?.accept ?? parked?.acceptable ?? [];
  if (park === null || plan === null || names.length === 0) return null;
  const rule = planRule(plan, 'plan');
  const payload = JSON.stringify({ park, accept: names, ...ruleFields(rule) });
  return { park, names, rule, votes: acceptance?.votes ?? [], payload };
};

/** What the offer means, for whoever reads the park. */
export const offerWords = ({ rule }: AcceptanceOffer): string =>
  `Or accept what \`approve\` names: no gate holds anything for it any more until this upgrade ends. ${ruleWords(rule)}`;

/** Names may begin or end with a space; what is typed by hand may, too. */
const typedNames = ({ accept: words }: MessagePayload, { names }: AcceptanceOffer): string[] => [
  ...new Set(words.map((word) => (names.includes(word) ? word : word.trim()))),
];

const missingNames = (typed: readonly string[], { names, payload, votes }: AcceptanceOffer): string | null => {
  const wanted = new Set(names);
  const others = typed.filter((name) => !wanted.has(name));
  if (others.length > 0) return `"${others.join('", "')}" is not what can be accepted by name here; send ${payload}`;
  if (typed.length === 0) return `it must be said what is accepted, by name; send ${payload}`;
  return votes.length > 0 && typed.length < names.length
    ? `others accepted more than that, and all have to accept the same; send ${payload}`
    : null;
};

const countVote = (offer: AcceptanceOffer, names: string[], vote: Vote): Reply => {
  const { park, rule, votes } = offer;
  const all = [...votes, vote];
  return all.length < rule.quorum
    ? accept(
        `approval ${all.length} of ${rule.quorum} of what is accepted at park ${park} is recorded; it still waits`,
        {
          type: 'acceptance-voted',
          park,
          accept: names,
          vote,
        },
      )
    : accept(
        `accepted by name: ${names.join(', ')}; the parked step is done again`,
        { type: 'accepted', park, accept: names, votes: all },
        { type: 'retried', by: vote.by },
      );
};

/** Judges an acceptance at a park. */
export const acceptAtPark = (state: UpgradeState, { payload }: Message, park: number): Reply => {
  if (parkOf(state) !== park) return refuse(lateWords(state, 'park', park));
  const offer = acceptanceOffer(state);
  if (offer === null) return refuse(`nothing can be accepted by name here; ${whatWaits(state).join('; ')}`);
  const typed = typedNames(payload, offer);
  const problem = missingNames(typed, offer);
  if (problem !== null) return refuse(problem);
  const { by, comment, ticket } = payload;
  const judged = judgeVote(offer.rule, { by, comment, ticket }, { ...state.request, votes: offer.votes });
  if (!judged.passes) return refuse(judged.why);
  const names = offer.names.filter((name) => typed.includes(name));
  return countVote(offer, names, { by, comment, ticket });
};
