/** Backups of server.properties: which one is meant, and what putting it back would change. */
import { protocolKey } from '../levels/protocol-version';
import { maskSecrets, readProperties } from './server-properties';
import { messageOf } from '../common/message-of';
import { unifiedDiff } from './unified-diff';

/** One backup on one host. */
export interface PropertiesBackup {
  /** The run id of the upgrade that made it, or `before-restore-…`. */
  label: string;
  dateMs: number;
  /** As recorded when it was made. */
  sha256: string;
  /** The file still has that checksum. */
  intact: boolean;
}

/** The start of the labels under which a restore itself backs up. */
const ownPrefix = 'before-restore-';

/** The label under which a restore backs up the file that it replaces: `before-restore-20261124T122657123Z`. */
export const ownLabel = (isoTime: string): string => ownPrefix + isoTime.replace(/[-:.]/g, '');

/**
 * The backup that is meant; null when there is none. `latest` is the newest that an upgrade made: were a restore's own
 * meant as well, a second `--backup latest` would undo the first.
 */
export const findBackup = (backups: readonly PropertiesBackup[], name: string): PropertiesBackup | null =>
  (name === 'latest'
    ? backups.find(({ label, intact }) => intact && !label.startsWith(ownPrefix))
    : backups.find(({ label }) => label === name)) ?? null;

/** What a restore would change. */
export interface RestoreDifference {
  /** Unified diff with secrets masked; null when a file cannot be read as properties, so that secrets cannot be found. */
  diff: string | null;
  /** What a person should know before saying yes. */
  warnings: string[];
}

const protocolWarning = (now: string, backup: string): string[] => {
  const [before, after] = [readProperties(now)[protocolKey], readProperties(backup)[protocolKey]];
  if (before === after) return [];
  const restored =
    after === undefined
      ? "is not set in the backup: the broker would speak its own release's"
      : `is ${after} in the backup`;
  return [
    `${protocolKey} ${restored}, now it is ${before ?? 'not set'}. A broker that once speaks a newer protocol cannot go back to old binaries.`,
  ];
};

/** Compares the file as it is with a backup. */
export const restoreDifference = (now: string, backup: string, path: string): RestoreDifference => {
  try {
    const diff = unifiedDiff(maskSecrets(now), maskSecrets(backup), path);
    const hidden = diff === '' && now !== backup ? ['Only values that are masked differ.'] : [];
    return { diff, warnings: [...hidden, ...protocolWarning(now, backup)] };
  } catch (error) {
    return { diff: null, warnings: [`No difference can be shown: ${messageOf(error)}`] };
  }
};
