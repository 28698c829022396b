import { detailsMarkdown } from '../../../src/domain/upgrade/details';
import { nodeDetailsMarkdown } from '../../../src/domain/upgrade/node-details';
import { noticeOf } from '../../../src/domain/notices/notice';
import type { UpgradeEventBody } from '../../../src/domain/upgrade/upgrade-state';
import { upgradeStatus } from '../../../src/domain/upgrade/upgrade-status';
import { eventsOf, item, planMade, samplePlan, stateAfter } from '../../support/upgrade-fixture';

const plan = samplePlan({ downgrade: true, fromVersion: '3.8.1', toVersion: '3.7.2' });
const rolling: UpgradeEventBody = {
  ...{ type: 'node', phase: 'rollback', nodeId: 2 },
  progress: { state: 'rolling', detail: '', timing: null },
} as const;

describe('the status of the way to an older release', () => {
  it('calls its binaries older, and has no second roll', () => {
    const status = upgradeStatus(stateAfter(planMade(plan), item(4, 'running', 'onto 3.7.2')));
    expect(status.downgrade).toBe(true);
    expect(status.message).toBe('Rolling restart onto the older binary, one broker at a time: onto 3.7.2');
    expect(status.items[3]?.title).toBe('Rolling restart onto the older binary, one broker at a time');
    expect(status.nodes[0]?.protocol).toBeNull();
    expect(detailsMarkdown(status)).toContain('| node | host | older binary |\n');
    expect(upgradeStatus(stateAfter(planMade())).downgrade).toBeUndefined();
  });

  it('calls its way back the newer binary', () => {
    const status = upgradeStatus(stateAfter(planMade(plan), rolling));
    expect(detailsMarkdown(status)).toContain('| node | host | older binary | newer binary back |');
    const details = { nodeId: 2, phase: 'binaries', step: 'settled', sinceMs: 0, evidence: [] } as const;
    expect(nodeDetailsMarkdown({ ...details, evidence: [], downgrade: true })).toContain(
      '# Restart of node 2: older binaries',
    );
  });
});

const told = (before: UpgradeEventBody[], body: UpgradeEventBody): string | undefined => {
  const [event] = eventsOf(body);
  if (event === undefined) throw new Error('no event');
  return noticeOf({ before: stateAfter(...before), event, after: stateAfter(...before, body) }, 'id')?.message;
};

describe('people outside', () => {
  it('hear that it is a downgrade', () => {
    expect(told([], planMade(plan))).toContain('The downgrade of 3 nodes from 3.8.1 to 3.7.2');
    expect(told([], planMade())).toContain('The upgrade of 3 nodes');
  });

  it('hear that the old binaries are not put back, and why', () => {
    const refused: UpgradeEventBody = { type: 'rollback-refused', beyond: true, why: 'metadata.version is 3.9-IV0' };
    expect(told([planMade()], refused)).toBe(
      'The old binaries are not put back, and nothing was touched for it: metadata.version is 3.9-IV0.',
    );
  });
});

describe('a wish for the old binaries', () => {
  const wanted: UpgradeEventBody = { type: 'rollback-asked', by: 'kim', comment: null, downgrade: false };

  it('is shown while the levels are read, and nobody is waited for', () => {
    const status = upgradeStatus(stateAfter(planMade(), { type: 'gate-opened', gate: 'protocol' }, wanted));
    expect(status).toMatchObject({ phase: 'ending', waitingFor: null });
    expect(status.message).toContain('The levels in force are read');
  });

  it('that is refused leaves everything as it waited, with the reason', () => {
    const refused: UpgradeEventBody = { type: 'rollback-refused', beyond: true, why: 'a level' };
    const state = stateAfter(planMade(), { type: 'gate-opened', gate: 'protocol' }, wanted, refused);
    expect(state).toMatchObject({ rollbackWish: null, wishRefused: 'a level', seenBeyond: true, rollingBack: false });
    expect(upgradeStatus(state)).toMatchObject({
      phase: 'awaiting-approval',
      lastEvidence: { title: 'rollback refused', lines: ['a level'] },
    });
    const unread = stateAfter(planMade(), wanted, { ...refused, beyond: false });
    expect(unread.seenBeyond).toBe(false);
  });
});
