import { readFile } from 'node:fs/promises';
import type { ServerHostKeyAlgorithm } from 'ssh2';
import { UpgradeError } from '../domain/common/failure';
import {
  entriesOf,
  fingerprint,
  judgeHostKey,
  keyTypeOf,
  knownHostsName,
  parseKnownHosts,
  type HostKeyVerdict,
  type KnownHost,
} from './known-hosts';
import { messageOf } from '../domain/common/message-of';

const algorithmsOfType: Record<string, ServerHostKeyAlgorithm[]> = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'],
};

/**
 * The order in which host key algorithms are offered: those whose keys are known first, like ssh does. Otherwise a
 * server with several keys might show one that is not in the file although another is.
 */
export const hostKeyAlgorithms = (entries: KnownHost[]): ServerHostKeyAlgorithm[] => {
  const known = entries
    .filter((entry) => entry.marker === 'none')
    .flatMap((entry) => algorithmsOfType[entry.keyType] ?? []);
  return [...new Set([...known, ...Object.values(algorithmsOfType).flat()])];
};

/** What is known about one host's keys, and the error for a key that must not be trusted. */
export interface HostKeyPolicy {
  algorithms: ServerHostKeyAlgorithm[];
  /** null when the key is trusted. */
  refusal(key: Buffer): UpgradeError | null;
}

type Refusal = Extract<HostKeyVerdict, { trusted: false }>['reason'];

const findings: Record<Refusal, string> = {
  'unknown-host': 'the file has no entry for that name',
  'other-key': 'the file has another key for that name',
  revoked: 'the file marks that key as revoked',
  'only-certificate-authority':
    'the file has only a certificate authority for that name, which is not supported: add the host key itself',
};

const advice = (reason: Refusal, host: string, port: number): string =>
  reason === 'revoked' || reason === 'other-key'
    ? 'If the host was reinstalled, compare the fingerprint with the console of the host and correct the file; if not, stop and investigate.'
    : `Compare the fingerprint with the host's own (ssh-keygen -lf on the host), then add the line that \`ssh-keyscan -p ${String(port)} ${host}\` prints.`;

/** Reads the known_hosts file for one host. A file that cannot be read trusts nobody: `HostKeyMismatch`. */
export const loadHostKeyPolicy = async (host: string, port: number, file: string): Promise<HostKeyPolicy> => {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const reason = messageOf(error);
    const message = `No host key can be checked for ${host}: the known_hosts file ${file} cannot be read (${reason}). Correct \`ssh.knownHostsFile\` or create the file.`;
    throw new UpgradeError('HostKeyMismatch', message, { host, port, file });
  });
  const name = knownHostsName(host, port);
  const entries = entriesOf(parseKnownHosts(text), name);
  const refusal = (key: Buffer): UpgradeError | null => {
    const verdict = judgeHostKey(entries, key);
    if (verdict.trusted) return null;
    const seen = `${keyTypeOf(key)} ${fingerprint(key)}`;
    const where = verdict.lines.length > 0 ? ` (line ${verdict.lines.join(', ')})` : '';
    const message = `${host} port ${String(port)} showed the host key ${seen}, which is not trusted: looked for ${name} in ${file}, ${findings[verdict.reason]}${where}. ${advice(verdict.reason, host, port)}`;
    return new UpgradeError('HostKeyMismatch', message, { host, port, file, seen, reason: verdict.reason });
  };
  return { algorithms: hostKeyAlgorithms(entries), refusal };
};
