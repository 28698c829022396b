import type { PropertiesBackup } from '../domain/settings/backup';
import type { HostSession } from '../ssh/host-session';
import { listBackupsScript, readBackupScript } from './backup-scripts';
import { parseProperties } from './host-report';
import { runScript } from './remote-script';
import { scriptFailure } from './script-failure';

/** A look takes milliseconds; a host under heavy load gets this long (ms). */
const COMMAND_TIMEOUT_MS = 30_000;

const parseBackup = (line: string): PropertiesBackup[] => {
  const groups = /^(?<date>\d+) (?<recorded>\S+) (?<found>\S+) (?<label>.+)$/.exec(line)?.groups;
  if (groups === undefined) return [];
  const { date = '', recorded = '', found = '', label = '' } = groups;
  return [{ label, dateMs: Number(date) * 1000, sha256: recorded, intact: recorded === found }];
};

/** The backups of server.properties on one host, over SSH; it reads only. */
export class SshBackupStore {
  constructor(
    private readonly session: HostSession,
    private readonly statePath: string,
  ) {}

  /** Newest first; backups of the same second by label. */
  async list(): Promise<PropertiesBackup[]> {
    const facts = await this.look('listing the backups', listBackupsScript(this.statePath));
    return [...facts]
      .flatMap(([name, line]) => (name.startsWith('backup_') ? parseBackup(line) : []))
      .sort((a, b) => b.dateMs - a.dateMs || a.label.localeCompare(b.label));
  }

  /** The content of one; rejects with `ChecksumMismatch` when it is not what was backed up. */
  async read(label: string): Promise<{ text: string; sha256: string }> {
    const facts = await this.look(`reading the backup ${label}`, readBackupScript(this.statePath, label));
    return parseProperties(facts, this.session.address);
  }

  private async look(description: string, body: string): Promise<Map<string, string>> {
    const outcome = await runScript(this.session, { description, body, timeoutMs: COMMAND_TIMEOUT_MS });
    if (outcome.result.exitCode !== 0) throw scriptFailure(outcome);
    return outcome.facts;
  }
}
