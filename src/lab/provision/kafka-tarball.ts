import { access } from 'node:fs/promises';
import path from 'node:path';
import type { ProvisionLog } from './cache';
import knownChecksums from './kafka-tarballs.json';
import { digestFile } from './manifest';
import { runCommand } from './run-command';
import { ensureTool } from './toolchain';

const unpackLimitMs = 5 * 60_000;

/** Where to look for an official tarball of a release, and the SHA-512 values that are accepted. */
export interface TarballSearch {
  version: string;
  /** Usually the value of `KAFKA_TARBALL_DIR`. */
  directory: string | undefined;
  log: ProvisionLog;
  /** By release; default: the values published with the releases. */
  checksums?: Readonly<Record<string, string>>;
}

/**
 * The official tarball of a release in the given directory, or undefined when there is none or no checksum is known for
 * it. A tarball with another SHA-512 than the published one is an error: somebody should look at it.
 */
export async function findTarball(search: TarballSearch): Promise<string | undefined> {
  if (search.directory === undefined || search.directory === '') return undefined;
  const tarball = path.join(search.directory, `kafka_2.13-${search.version}.tgz`);
  const present = await access(tarball).then(
    () => true,
    () => false,
  );
  if (!present) return undefined;
  const checksums: Readonly<Record<string, string>> = search.checksums ?? knownChecksums;
  const expected = checksums[search.version];
  if (expected === undefined) {
    search.log(`Kafka ${search.version}: ${tarball} is not used, because its SHA-512 is not known here`);
    return undefined;
  }
  const seen = await digestFile(tarball, 'sha512');
  if (seen !== expected) {
    throw new Error(
      `${tarball} has SHA-512 ${seen.slice(0, 16)}…, but the release has ${expected.slice(0, 16)}…; ` +
        'delete the file or replace it by the published one.',
    );
  }
  return tarball;
}

/** Unpacks a distribution tarball into a directory, without the top directory that is in the archive. */
export async function unpackTarball(tarball: string, directory: string, log: ProvisionLog): Promise<void> {
  const tar = await ensureTool('tar', { log });
  const args = ['-xzf', tarball, '-C', directory, '--strip-components=1'];
  await runCommand({ command: tar, args, timeoutMs: unpackLimitMs });
}
