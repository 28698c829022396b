/** Can the approvals that the policy asks for be given at all? Better said before the plan is read than at a closed gate. */
import { silentApprovals } from './approval-policy';
import type { ClusterSnapshot } from './cluster-snapshot';
import { blocker } from './finding';
import type { Finding } from './finding';

/** An upgrade that nobody in particular asked for cannot keep its requester from approving it. */
export const checkRequester = ({ policy }: ClusterSnapshot, requester: string | null): Finding[] => {
  const { rule, gates } = policy.approvals ?? silentApprovals;
  const isNeeded = [rule, ...Object.values(gates)].some(({ requesterMayApprove }) => !requesterMayApprove);
  if (!isNeeded || requester !== null) return [];
  return [
    blocker('InvalidRequest', {
      seen: 'The request does not say who asks.',
      why: 'policy.approvals of the cluster definition keeps the requester from approving, so it must be known who that is.',
      action: 'Start again with "requester" in the input, for example {"cluster":"…","target":"…","requester":"kim"}.',
      source: 'cluster definition, policy.approvals.requesterMayApprove',
    }),
  ];
};
