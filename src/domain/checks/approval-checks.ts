/** Can the approvals that the policy asks for be given at all? Better said before the plan is read than at a closed gate. */
import { namedApprovers, silentApprovals } from '../policy/approval-policy';
import type { GateRule } from '../policy/approval-policy';
import type { ClusterSnapshot } from './cluster-snapshot';
import { blocker } from './finding';
import type { Finding } from './finding';
import { samePerson } from '../policy/open-gate';

const source = 'cluster definition, policy.approvals.requesterMayApprove';

/** An upgrade that nobody in particular asked for cannot keep its requester from approving it. */
const unknownRequester = (): Finding =>
  blocker('InvalidRequest', {
    seen: 'The request does not say who asks.',
    why: 'policy.approvals of the cluster definition keeps the requester from approving, so it must be known who that is.',
    action: 'Start again with "requester" in the input, for example {"cluster":"…","target":"…","requester":"kim"}.',
    source,
  });

/** Whoever asks is one of those without whom too few are left. */
const tooFewOthers = (place: string, { approvers, quorum }: GateRule, requester: string): Finding[] => {
  const others = namedApprovers(approvers)?.filter((name) => !samePerson(name, requester));
  if (others === undefined || others.length >= quorum) return [];
  return [
    blocker('InvalidRequest', {
      seen: `${place} wants ${quorum} of ${others.length} people: ${requester}, who asks, does not count.`,
      why: 'A gate that nobody can pass would be found out in the middle of the upgrade.',
      action: `Let somebody else ask for the upgrade, or add to \`approvers\` in the cluster definition.`,
      source,
    }),
  ];
};

/** Findings about the rules of a definition under which whoever asks does not approve. */
export const checkApprovals = ({ policy }: Pick<ClusterSnapshot, 'policy'>, requester: string | null): Finding[] => {
  const { rule, gates } = policy.approvals ?? silentApprovals;
  const places: [string, GateRule][] = [
    ['policy.approvals', rule],
    ...Object.entries(gates).map(([gate, own]): [string, GateRule] => [`policy.approvals.gates.${gate}`, own]),
  ];
  const fourEyes = places.filter(([, { requesterMayApprove }]) => !requesterMayApprove);
  if (fourEyes.length === 0) return [];
  if (requester === null) return [unknownRequester()];
  return fourEyes.flatMap(([place, own]) => tooFewOthers(place, own, requester));
};
