import { checkApprovals } from '../../../src/domain/checks/approval-checks';
import { defaultApprovals } from '../../../src/domain/policy/approval-policy';
import { defaultPolicy } from '../../../src/domain/policy/policy';
import type { UpgradePolicy } from '../../../src/domain/policy/policy';
import { snapshot } from '../../support/snapshot';

const fourEyes = { ...defaultApprovals.rule, requesterMayApprove: false };

const found = (approvals: UpgradePolicy['approvals'], requester: string | null): string[] => {
  const { approvals: _, ...policy } = defaultPolicy;
  const given = { ...snapshot(), policy: approvals === undefined ? policy : { ...policy, approvals } };
  return checkApprovals(given, requester).map(({ severity, seen }) => `${severity}: ${seen}`);
};

const named = (quorum: number, ...approvers: string[]) => ({ ...fourEyes, quorum, approvers });

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

describe('without whoever asks, enough people must be left', () => {
  it.each<[string, Partial<typeof defaultApprovals>, string[]]>([
    ['of anybody there are', { rule: fourEyes }, []],
    ['of a wildcard there may be', { rule: named(1, 'kim*') }, []],
    ['of three there are two', { rule: named(2, 'kim', 'jo', 'max') }, []],
    ['of others it does not matter', { rule: named(2, 'jo', 'max') }, []],
    [
      'of one there is nobody, however the name is written',
      { rule: named(1, 'KIM') },
      ['blocker: policy.approvals wants 1 of 0 people: kim, who asks, does not count.'],
    ],
    [
      'at one gate there are too few',
      { gates: { protocol: named(2, 'kim', 'jo') } },
      ['blocker: policy.approvals.gates.protocol wants 2 of 1 people: kim, who asks, does not count.'],
    ],
    ['where they may approve, it does not matter', { rule: { ...named(1, 'kim'), requesterMayApprove: true } }, []],
  ])('%s', (_, overrides, expected) => {
    expect(found({ ...defaultApprovals, ...overrides }, 'kim')).toEqual(expected);
  });
});
