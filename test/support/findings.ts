import type { Finding, FindingSeverity } from '../../src/domain/checks/finding';

/** What each finding saw, behind its severity: short enough to compare whole lists. */
export const brief = (findings: readonly Pick<Finding, 'severity' | 'seen'>[]): string[] =>
  findings.map(({ severity, seen }) => `${severity}: ${seen}`);

/** What the findings of one severity saw. */
export const seenAs = (severity: FindingSeverity, findings: readonly Finding[]): string[] =>
  findings.filter((finding) => finding.severity === severity).map(({ seen }) => seen);
