/** Upgrades as a table: one line each, to be read and to be searched. */
import type { UpgradeSummary } from '../client/upgrade-summary';
import { fitColumns } from './fit-columns';
import { duration, plural, shorten } from './format';
import { isOlderRelease } from '../domain/cluster/version';
import { phaseWords } from './phase-words';
import type { ViewOptions } from './view-options';

const titles = ['cluster', 'from → to', 'phase', 'waits for', 'since', 'started (UTC)', 'by'];

/** Missed least first: who, when, since when, what it is about. */
const optional = [6, 5, 4, 1];

const questionWidth = 40;

const minute = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ');

const waitsFor = ({ waitingFor, attention, trouble }: UpgradeSummary): string => {
  if (waitingFor === null) return trouble ?? (attention === true ? 'a person' : '');
  const { kind, gate, question } = waitingFor;
  switch (kind) {
    case 'approval':
      return `approval of gate ${gate ?? ''}`;
    case 'parked':
      return shorten(question, questionWidth);
    case 'paused':
      return 'resume';
  }
};

const since = ({ waitingFor }: UpgradeSummary, nowMs: number): string =>
  waitingFor?.sinceMs === null || waitingFor?.sinceMs === undefined ? '' : duration(nowMs - waitingFor.sinceMs);

const row = (upgrade: UpgradeSummary, nowMs: number, { style }: ViewOptions): string[] => {
  const { cluster, fromVersion, toVersion, phase, startedAtMs, requester } = upgrade;
  const { words, paint } = phaseWords(phase ?? (upgrade.running ? 'running' : 'ended'), {
    downgrade: isOlderRelease(toVersion ?? '', fromVersion ?? ''),
  });
  return [
    style.strong(cluster),
    `${fromVersion ?? '?'} → ${toVersion ?? '?'}`,
    style[paint](words),
    style.attention(waitsFor(upgrade)),
    since(upgrade, nowMs),
    minute(startedAtMs),
    requester ?? '',
  ];
};

const summaryLine = (upgrades: readonly UpgradeSummary[]): string => {
  const running = upgrades.filter((upgrade) => upgrade.running).length;
  const waiting = upgrades.filter(({ attention }) => attention === true).length;
  const person = `${waiting} ${waiting === 1 ? 'waits' : 'wait'} for a person`;
  return `${plural(upgrades.length, 'upgrade')}, ${running} running, ${person}`;
};

/** The table with its sum below; `none` says what an empty list means. */
export const listView = (
  { upgrades, nowMs, none }: { upgrades: readonly UpgradeSummary[]; nowMs: number; none: string },
  options: ViewOptions,
): string => {
  if (upgrades.length === 0) return none;
  const rows = [titles.map(options.style.quiet), ...upgrades.map((upgrade) => row(upgrade, nowMs, options))];
  return [...fitColumns({ rows, optional }, options.width), '', options.style.quiet(summaryLine(upgrades))].join('\n');
};
