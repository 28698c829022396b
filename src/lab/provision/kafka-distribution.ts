import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ensureCached, type ProvisionLog } from './cache';
import { classesIn } from './jar-entries';
import { kafkaArtifacts } from './kafka-artifacts';
import { kafkaConfigFiles } from './kafka-config-files';
import { kafkaRelease, type KafkaRelease } from './kafka-release';
import { kafkaScripts } from './kafka-scripts';
import { findTarball, unpackTarball } from './kafka-tarball';
import { fetchWithMaven } from './maven-libraries';

/** Raised when generated scripts or configuration change: cached distributions are then made again. */
export const distributionRevision = 1;

/**
 * The directory of a Kafka release in the cache (`bin/`, `libs/`, `config/`, as in the official tarball), made on first
 * use: from a verified tarball in `KAFKA_TARBALL_DIR`, else from Maven artifacts with scripts of our own. Any release
 * 2.8 to 4.3; the error of an unknown one is Maven's.
 */
export async function ensureKafkaDistribution(version: string, { log }: { log: ProvisionLog }): Promise<string> {
  const release = kafkaRelease(version);
  return ensureCached({
    title: `Kafka ${version}`,
    location: `kafka/kafka_2.13-${version}`,
    revision: distributionRevision,
    log,
    build: (directory) => buildDistribution(release, directory, log),
  });
}

async function buildDistribution(release: KafkaRelease, directory: string, log: ProvisionLog): Promise<void> {
  const { version } = release;
  const started = Date.now();
  const tarball = await findTarball({ version, directory: process.env['KAFKA_TARBALL_DIR'], log });
  if (tarball === undefined) await buildFromMaven(release, directory, log);
  else await unpackTarball(tarball, directory, log);
  const source = tarball ?? 'Maven artifacts';
  log(`Kafka ${version}: ready from ${source} after ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

async function buildFromMaven(release: KafkaRelease, directory: string, log: ProvisionLog): Promise<void> {
  const libraries = path.join(directory, 'libs');
  const title = `Kafka ${release.version}`;
  const jars = await fetchWithMaven({ title, artifacts: kafkaArtifacts(release), directory: libraries, log });
  const scripts = kafkaScripts(release, await classesIn(libraries));
  await writeAll(path.join(directory, 'bin'), scripts, 0o755);
  await writeAll(path.join(directory, 'config'), kafkaConfigFiles(release), 0o644);
  log(`${title}: ${String(jars)} jars, ${String(scripts.size)} scripts`);
}

async function writeAll(directory: string, files: ReadonlyMap<string, string>, mode: number): Promise<void> {
  for (const [name, text] of files) {
    const file = path.join(directory, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
    await chmod(file, mode);
  }
}
