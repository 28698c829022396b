/** How far an upgrade is and how long it still takes. */
import type { UpgradeLook } from '../client/upgrade-client';
import { remainingWords } from '../domain/upgrade/eta';
import { upgradeProgress } from '../domain/upgrade/progress';
import type { PartProgress } from '../domain/upgrade/progress';
import { phaseTitlesOf } from '../domain/plan/upgrade-plan';
import type { UpgradeStatus } from '../domain/upgrade/upgrade-status';
import { wrapIndented } from './format';
import { visibleWidth } from './style';
import type { Style } from './style';
import type { StatusViewInput, ViewOptions } from './view-options';

const barWidth = 20;

const sum = (parts: readonly PartProgress[], key: 'done' | 'of'): number =>
  parts.reduce((total, part) => total + part[key], 0);

/** `new binaries 1 of 3 · new protocol 0 of 3`; empty before the plan is made. */
export const doneWords = (status: UpgradeStatus): string => {
  const titles: Record<PartProgress['part'], string> = { ...phaseTitlesOf(status), features: 'features' };
  return upgradeProgress(status)
    .map(({ part, done, of }) => `${titles[part]} ${done} of ${of}`)
    .join(' · ');
};

/** Nodes and features that are done. */
export const doneCount = (status: UpgradeStatus): number => sum(upgradeProgress(status), 'done');

/** How long the restart in progress has lasted; 0 when there is none, or nobody knows. */
const passedMs = ({ events }: UpgradeLook, nowMs: number): number => {
  const latest = events.findLast(({ type }) => type === 'node');
  return latest?.type === 'node' && latest.progress.state === 'rolling' ? nowMs - latest.atMs : 0;
};

/** `about 12 min, from 3 restarts measured`; empty while people are waited for, and at the end. */
export const leftWords = (look: UpgradeLook, nowMs: number): string => {
  const { remaining } = look.status;
  return remaining === null || look.ending !== null ? '' : remainingWords(remaining, passedMs(look, nowMs));
};

const bar = (parts: readonly PartProgress[], style: Style): string => {
  const share = sum(parts, 'done') / sum(parts, 'of');
  const full = Math.floor(share * barWidth);
  const percent = `${Math.floor(share * 100)}%`.padStart(4);
  return `${style.good('━'.repeat(full))}${style.quiet('─'.repeat(barWidth - full))} ${percent}  `;
};

/** A sentence behind its label, both below each other where one line is not enough. */
const labelled = (label: string, words: string, { style, width }: ViewOptions): string[] =>
  wrapIndented(words, label.length + 4, width).map((line, index) =>
    index === 0 ? `  ${style.quiet(label)}  ${line.trimStart()}` : line,
  );

/** A bar with the nodes and features done of all, and the work that is left. */
export const progressLines = (input: StatusViewInput, options: ViewOptions): string[] => {
  const { status, nowMs, ending } = input;
  const { style, width } = options;
  const parts = upgradeProgress(status);
  if (parts.length === 0 || ending !== null) return [];
  const words = doneWords(status);
  const line = `  ${style.quiet('done')}  ${bar(parts, style)}${words}`;
  const left = leftWords(input, nowMs);
  return [
    ...(visibleWidth(line) <= width ? [line] : labelled('done', words, options)),
    ...(left === '' ? [] : labelled('left', left, options)),
  ];
};
