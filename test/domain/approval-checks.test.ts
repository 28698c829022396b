import { checkRequester } from '../../src/domain/approval-checks';
import { defaultApprovals } from '../../src/domain/approval-policy';
import { defaultPolicy } from '../../src/domain/policy';
import type { UpgradePolicy } from '../../src/domain/policy';
import { snapshot } from '../support/snapshot';

const fourEyes = { ...defaultApprovals.rule, requesterMayApprove: false };

const found = (approvals: UpgradePolicy['approvals'], requester: string | null): string[] => {
  const { approvals: _, ...policy } = defaultPolicy;
  const given = { ...snapshot(), policy: approvals === undefined ? policy : { ...policy, approvals } };
  return checkRequester(given, requester).map(({ severity, seen }) => `${severity}: ${seen}`);
};

describe('who asks must be known', () => {
  const blocked = ['blocker: The request does not say who asks.'];

  it.each<[string, UpgradePolicy['approvals'], string | null, string[]]>([
    ['nowhere by default', defaultApprovals, null, []],
    ['nowhere without a policy', undefined, null, []],
    ['where the requester must not approve', { ...defaultApprovals, rule: fourEyes }, null, blocked],
    ['where it is so at one gate', { ...defaultApprovals, gates: { protocol: fourEyes } }, null, blocked],
    ['and is', { ...defaultApprovals, rule: fourEyes }, 'kim', []],
  ])('%s', (_, approvals, requester, expected) => {
    expect(found(approvals, requester)).toEqual(expected);
  });
});
