import { failures } from '../../../src/domain/common/failure';
import { blocker, needsAcceptance, note, warning } from '../../../src/domain/checks/finding';
import type { Finding } from '../../../src/domain/checks/finding';
import { findingsOf } from '../../../src/domain/checks/plan-checks';
import { kraftSnapshot, snapshot } from '../../support/snapshot';

const words = { seen: 'Broker 9 is online.', why: 'It is not known.', action: 'Define it.', source: 'Metadata' };

describe('a finding', () => {
  it.each<[Finding, Finding['severity']]>([
    [needsAcceptance(words), 'needs-acceptance'],
    [warning(words), 'warning'],
    [note(words), 'note'],
  ])('that does not end the upgrade has no failure: %j', (finding, severity) => {
    expect(finding).toEqual({ severity, failure: null, ...words });
  });

  it('that ends it names the failure that the workflow ends with', () => {
    expect(blocker('PlanBlocked', words)).toEqual({ severity: 'blocker', failure: 'PlanBlocked', ...words });
  });
});

describe('every finding of a plan', () => {
  const plans = [
    findingsOf(snapshot(), { target: '3.9.0', sources: ['2.8.2'], finalization: [], requester: null, takeOver: false }),
    findingsOf(snapshot({ views: [], hosts: [] }), {
      target: '4.0.2',
      sources: ['3.7.2'],
      finalization: [],
      requester: null,
      takeOver: false,
    }),
    findingsOf(kraftSnapshot({ quorum: null, registered: null }), {
      target: '4.3.0',
      sources: ['3.3.2'],
      finalization: [],
      requester: null,
      takeOver: false,
    }),
  ];

  it.each(plans.flat())('says what, why, what to do and from where: $seen', (finding) => {
    expect(finding.seen).toMatch(/^\S.*\S$/);
    expect(finding.why).toMatch(/[.!]$/);
    expect(finding.action).toMatch(/\.$/);
    expect(finding.source).not.toMatch(/^\s*$/);
    expect(finding.failure === null || Object.hasOwn(failures, finding.failure)).toBe(true);
    expect(finding.failure !== null).toBe(finding.severity === 'blocker');
  });
});
