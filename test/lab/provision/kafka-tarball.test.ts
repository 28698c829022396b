import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findTarball, unpackTarball } from '../../../src/lab/provision/kafka-tarball';
import checksums from '../../../src/lab/provision/kafka-tarballs.json';
import { useTemporaryDirectory } from '../../support/temporary-directory';

const directory = useTemporaryDirectory();
const version = '3.8.1';

const lines: string[] = [];
const log = (line: string): void => {
  lines.push(line);
};
beforeEach(() => lines.splice(0));

function makeTarball(): { tarball: string; sha512: string } {
  const top = join(directory(), `kafka_2.13-${version}`);
  mkdirSync(join(top, 'bin'), { recursive: true });
  writeFileSync(join(top, 'bin', 'kafka-topics.sh'), '#!/bin/bash\n', { mode: 0o755 });
  const tarball = `${top}.tgz`;
  execFileSync('tar', ['-czf', tarball, '-C', directory(), `kafka_2.13-${version}`]);
  return { tarball, sha512: createHash('sha512').update(readFileSync(tarball)).digest('hex') };
}

describe('findTarball', () => {
  it('finds nothing without a directory or without the file', async () => {
    await expect(findTarball({ version, directory: undefined, log })).resolves.toBeUndefined();
    await expect(findTarball({ version, directory: directory(), log })).resolves.toBeUndefined();
  });

  it('accepts the file with the published SHA-512', async () => {
    const { tarball, sha512 } = makeTarball();
    const search = { version, directory: directory(), log, checksums: { [version]: sha512 } };
    await expect(findTarball(search)).resolves.toBe(tarball);
  });

  it('refuses a file with another SHA-512 instead of going on without it', async () => {
    const { tarball } = makeTarball();
    await expect(findTarball({ version, directory: directory(), log })).rejects.toThrow(`${tarball} has SHA-512`);
  });

  it('does not use a file whose checksum is not known, and says so', async () => {
    makeTarball();
    const search = { version, directory: directory(), log, checksums: {} };
    await expect(findTarball(search)).resolves.toBeUndefined();
    expect(lines.join()).toContain('its SHA-512 is not known here');
  });

  it('knows well-formed checksums of releases from 2.8 on', () => {
    expect(Object.entries(checksums).filter(([, sha512]) => !/^[0-9a-f]{128}$/.test(sha512))).toEqual([]);
    expect(Object.keys(checksums)).toEqual(expect.arrayContaining(['2.8.1', '3.8.1', '4.1.1']));
  });
});

describe('unpackTarball', () => {
  it('puts bin/ directly below the directory', async () => {
    const target = join(directory(), 'target');
    mkdirSync(target);
    await unpackTarball(makeTarball().tarball, target, log);
    expect(readFileSync(join(target, 'bin', 'kafka-topics.sh'), 'utf8')).toBe('#!/bin/bash\n');
  });
});
