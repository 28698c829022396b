import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** One line of a known_hosts file (format: sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"). */
export interface KnownHost {
  line: number;
  marker: 'none' | 'revoked' | 'cert-authority';
  /** The patterns as written: names, wildcards, negations, or one `|1|salt|hash`. */
  patterns: string[];
  keyType: string;
  key: Buffer;
}

/** What a known_hosts file says about a host's key. */
export type HostKeyVerdict =
  | { trusted: true }
  | {
      trusted: false;
      reason: 'unknown-host' | 'other-key' | 'revoked' | 'only-certificate-authority';
      lines: number[];
    };

const markers: Record<string, KnownHost['marker']> = { '@revoked': 'revoked', '@cert-authority': 'cert-authority' };

const parseLine = (text: string, line: number): KnownHost | null => {
  const fields = text.trim().split(/\s+/);
  const first = fields[0] ?? '';
  if (first === '' || first.startsWith('#')) return null;
  if (first.startsWith('@') && markers[first] === undefined) return null;
  const [hosts, keyType, key] = first.startsWith('@') ? fields.slice(1) : fields;
  if (hosts === undefined || keyType === undefined || key === undefined) return null;
  const marker = markers[first] ?? 'none';
  return { line, marker, patterns: hosts.split(','), keyType, key: Buffer.from(key, 'base64') };
};

/** The entries of a known_hosts file; comments, blank lines and lines that are none of these are left out, as by ssh. */
export const parseKnownHosts = (text: string): KnownHost[] =>
  text.split('\n').flatMap((line, index) => parseLine(line, index + 1) ?? []);

/** The name under which ssh stores a host: `[host]:port` unless the port is 22. */
export const knownHostsName = (host: string, port: number): string =>
  port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${String(port)}`;

const matchesHash = (pattern: string, name: string): boolean => {
  const [, version, salt, hash] = pattern.split('|');
  if (version !== '1' || salt === undefined || hash === undefined) return false;
  const expected = Buffer.from(hash, 'base64');
  const actual = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest();
  return expected.length === actual.length && timingSafeEqual(expected, actual);
};

const matchesWildcard = (pattern: string, name: string): boolean => {
  const escaped = pattern.toLowerCase().replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(name);
};

const matches = (entry: KnownHost, name: string): boolean => {
  const matchesOne = (pattern: string): boolean =>
    pattern.startsWith('|') ? matchesHash(pattern, name) : matchesWildcard(pattern, name);
  const negated = entry.patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
  if (negated.some(matchesOne)) return false;
  return entry.patterns.some((pattern) => !pattern.startsWith('!') && matchesOne(pattern));
};

/** The entries that speak about this host. */
export const entriesOf = (entries: KnownHost[], name: string): KnownHost[] =>
  entries.filter((entry) => matches(entry, name));

/**
 * May this key be trusted for a host with these entries? A revoked key never is. Certificate authorities cannot be
 * honoured, because ssh2 does not negotiate host certificates; they are named so that the operator learns why.
 */
export const judgeHostKey = (entries: KnownHost[], key: Buffer): HostKeyVerdict => {
  const lines = (found: KnownHost[]): number[] => found.map((entry) => entry.line);
  const revoked = entries.filter((entry) => entry.marker === 'revoked' && entry.key.equals(key));
  if (revoked.length > 0) return { trusted: false, reason: 'revoked', lines: lines(revoked) };
  const plain = entries.filter((entry) => entry.marker === 'none');
  if (plain.some((entry) => entry.key.equals(key))) return { trusted: true };
  if (plain.length > 0) return { trusted: false, reason: 'other-key', lines: lines(plain) };
  const authorities = entries.filter((entry) => entry.marker === 'cert-authority');
  return authorities.length > 0
    ? { trusted: false, reason: 'only-certificate-authority', lines: lines(authorities) }
    : { trusted: false, reason: 'unknown-host', lines: [] };
};

/** The fingerprint as `ssh-keygen -l` prints it. */
export const fingerprint = (key: Buffer): string =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;

/** The key's type, from its own encoding (RFC 4253: a length-prefixed string comes first). */
export const keyTypeOf = (key: Buffer): string =>
  key.length < 4 ? 'unknown' : key.subarray(4, 4 + key.readUInt32BE(0)).toString('latin1');
