/** Backups of server.properties, and what a restore would change. */
import type { PropertiesBackup, RestoreDifference } from '../domain/settings/backup';
import { columns } from './columns';
import { wrapIndented } from './format';
import { paintDiff } from './plan-changes';
import type { ViewOptions } from './view-options';

const stateOf = ({ intact, sha256 }: PropertiesBackup, currentSha256: string | null): string => {
  if (!intact) return 'DAMAGED: not what was backed up';
  return sha256 === currentSha256 ? 'the file now' : '';
};

/** `2026-11-24 12:26:57 UTC` */
const utc = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** The backups of one host, newest first. */
export const backupsView = (
  input: { address: string; backups: PropertiesBackup[]; currentSha256: string | null },
  { style }: ViewOptions,
): string => {
  const { address, backups, currentSha256 } = input;
  if (backups.length === 0) return `There is no backup of server.properties on ${address}: each upgrade makes one.`;
  return [
    style.strong(`Backups of server.properties on ${address}`),
    ...columns([
      ['date', 'label', 'SHA-256', ''].map(style.quiet),
      ...backups.map((backup) => [
        utc(backup.dateMs),
        backup.label,
        `${backup.sha256.slice(0, 16)}…`,
        stateOf(backup, currentSha256),
      ]),
    ]),
  ].join('\n');
};

/** What putting a backup back would change, with its warnings. */
export const differenceView = (
  input: { address: string; backup: PropertiesBackup; difference: RestoreDifference },
  { style, width }: ViewOptions,
): string => {
  const { backup, difference } = input;
  const diff = (difference.diff ?? '').trimEnd();
  return [
    style.strong(`Backup ${backup.label} of ${utc(backup.dateMs)} on ${input.address}`),
    ...(diff === '' ? [] : diff.split('\n').map((line) => `    ${paintDiff(line, style)}`)),
    ...difference.warnings.flatMap((words) => wrapIndented(`! ${words}`, 2, width).map(style.attention)),
  ].join('\n');
};
