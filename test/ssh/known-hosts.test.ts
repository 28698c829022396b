import { createHmac } from 'node:crypto';
import { hostKeyAlgorithms } from '../../src/ssh/host-key-policy';
import {
  entriesOf,
  fingerprint,
  judgeHostKey,
  keyTypeOf,
  knownHostsName,
  parseKnownHosts,
} from '../../src/ssh/known-hosts';

const keyOf = (text: string, type = 'ssh-ed25519'): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(type.length);
  return Buffer.concat([length, Buffer.from(type), Buffer.from(text)]);
};
const encoded = (text: string, type?: string): string => keyOf(text, type).toString('base64');
const hashed = (name: string): string => {
  const salt = Buffer.from('twenty bytes of salt');
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
};
const judge = (file: string, name: string, key: Buffer): unknown =>
  judgeHostKey(entriesOf(parseKnownHosts(file), name), key);

describe('known_hosts', () => {
  it.each([
    ['a plain name', 'b1.example', 'b1.example', true],
    ['one of several names', 'b0,b1.example,10.0.0.1', '10.0.0.1', true],
    ['a name in capitals', 'B1.Example', 'b1.example', true],
    ['a wildcard', '*.example', 'b1.example', true],
    ['a question mark', 'b?.example', 'b1.example', true],
    ['a dot that is only a dot', 'b1.example', 'b1xexample', false],
    ['a negation after a wildcard', '*.example,!b1.example', 'b1.example', false],
    ['another host beside a negation', '*.example,!b1.example', 'b2.example', true],
    ['only a negation', '!b2.example', 'b1.example', false],
    ['a port', '[b1.example]:2222', '[b1.example]:2222', true],
    ['another port', '[b1.example]:2222', '[b1.example]:2223', false],
    ['a name without the port', 'b1.example', '[b1.example]:2222', false],
    ['brackets that are no character class', '[ab]:22', 'a:22', false],
    ['a hashed name', hashed('b1.example'), 'b1.example', true],
    ['a hashed name with a port', hashed('[b1.example]:2222'), '[b1.example]:2222', true],
    ['another hashed name', hashed('b2.example'), 'b1.example', false],
    ['an unknown hash', '|2|x|y', 'b1.example', false],
  ])('%s', (_what, patterns, name, found) => {
    const verdict = judge(`${patterns} ssh-ed25519 ${encoded('k')}\n`, name, keyOf('k'));
    expect(verdict).toMatchObject({ trusted: found });
  });

  it('names a host like ssh does', () => {
    expect(knownHostsName('B1', 22)).toBe('b1');
    expect(knownHostsName('B1', 2222)).toBe('[b1]:2222');
  });

  it('leaves out comments, blank lines and lines that are none', () => {
    expect(parseKnownHosts(`# b1 ssh-rsa x\n\nb1 ssh-rsa\n@unknown b1 ssh-rsa x\n`)).toEqual([]);
  });

  it('tells another key, a revoked key, a certificate authority and an unknown host apart', () => {
    const line = `b1 ssh-ed25519 ${encoded('k')}\n`;
    expect(judge(`#\n${line}`, 'b1', keyOf('x'))).toEqual({ trusted: false, reason: 'other-key', lines: [2] });
    expect(judge(`${line}@revoked * ssh-ed25519 ${encoded('k')}\n`, 'b1', keyOf('k'))).toEqual({
      trusted: false,
      reason: 'revoked',
      lines: [2],
    });
    expect(judge(`@cert-authority * ssh-ed25519 ${encoded('k')}\n`, 'b1', keyOf('k'))).toEqual({
      trusted: false,
      reason: 'only-certificate-authority',
      lines: [1],
    });
    expect(judge(line, 'b2', keyOf('k'))).toEqual({ trusted: false, reason: 'unknown-host', lines: [] });
  });

  it('accepts any of several keys of a host', () => {
    const file = `b1 ssh-ed25519 ${encoded('k')}\nb1 ssh-rsa ${encoded('r', 'ssh-rsa')} comment here\n`;
    expect(judge(file, 'b1', keyOf('r', 'ssh-rsa'))).toEqual({ trusted: true });
  });

  it('shows key type and fingerprint as ssh-keygen does', () => {
    const key = Buffer.from('AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl', 'base64');
    expect(keyTypeOf(key)).toBe('ssh-ed25519');
    expect(fingerprint(key)).toBe('SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU');
  });
});

describe('hostKeyAlgorithms', () => {
  it('asks for the types that are known first, and for all others after them', () => {
    const entries = parseKnownHosts(`b1 ssh-rsa ${encoded('r', 'ssh-rsa')}\n@revoked b1 ssh-ed25519 ${encoded('k')}\n`);
    const algorithms = hostKeyAlgorithms(entries);
    expect(algorithms.slice(0, 3)).toEqual(['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa']);
    expect(algorithms).toContain('ssh-ed25519');
    expect(new Set(algorithms).size).toBe(algorithms.length);
  });
});
