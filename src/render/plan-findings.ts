import type { Finding, FindingSeverity } from '../domain/checks/finding';
import { wrapIndented } from './format';
import type { ViewOptions } from './view-options';
import type { Style } from './style';

/** The severities in words, worst first. */
export const severities: { severity: FindingSeverity; words: string; mark: string; paint: keyof Style }[] = [
  { severity: 'blocker', words: 'blocker', mark: '✖', paint: 'bad' },
  { severity: 'needs-acceptance', words: 'needs your acceptance', mark: '!', paint: 'attention' },
  { severity: 'warning', words: 'warning', mark: '!', paint: 'attention' },
  { severity: 'note', words: 'note', mark: '·', paint: 'quiet' },
];

/** `1 blocker, 2 warnings`, worst first; `nothing found` when there is nothing. */
export const findingCounts = (findings: Finding[]): string => {
  const counts = severities.flatMap(({ severity, words }) => {
    const found = findings.filter((finding) => finding.severity === severity).length;
    if (found === 0) return [];
    return [severity === 'needs-acceptance' ? `${found} to accept` : `${found} ${words}${found === 1 ? '' : 's'}`];
  });
  return counts.length === 0 ? 'nothing found' : counts.join(', ');
};

/** What the plan found, worst first, each with why it matters, what to do, and where the rule comes from. */
export const findingLines = (findings: Finding[], { style, width }: ViewOptions): string[] => [
  '',
  `${style.strong('Findings')}  ${style.quiet(findingCounts(findings))}`,
  ...severities.flatMap(({ severity, words, mark, paint }) =>
    findings
      .filter((finding) => finding.severity === severity)
      .flatMap(({ seen, why, action, source }) => [
        ...wrapIndented(`${mark} ${words}: ${seen}`, 2, width).map((line, index) =>
          index === 0 ? style[paint](line) : style[paint](`  ${line}`),
        ),
        ...wrapIndented(why, 4, width),
        ...wrapIndented(`→ ${action}`, 4, width),
        ...wrapIndented(source, 4, width).map(style.quiet),
      ]),
  ),
];
