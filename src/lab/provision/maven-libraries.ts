import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ProvisionLog } from './cache';
import { pomFor, type MavenArtifact } from './maven-pom';
import { runCommand } from './run-command';
import { ensureTool } from './toolchain';

/** What to fetch, where to and under which name to speak of it. */
export interface MavenFetch {
  title: string;
  artifacts: readonly MavenArtifact[];
  directory: string;
  log: ProvisionLog;
}

/** Usually seconds; a slow mirror and an empty local repository take minutes. */
const fetchLimitMs = 15 * 60_000;

/** Copies artifacts with everything they need at run time into a directory and answers how many jars that are. */
export async function fetchWithMaven({ title, artifacts, directory, log }: MavenFetch): Promise<number> {
  await ensureTool('java', { log });
  const mvn = await ensureTool('mvn', { log });
  const project = await mkdtemp(path.join(tmpdir(), 'kafka-upgrade-pom-'));
  try {
    await writeFile(path.join(project, 'pom.xml'), pomFor(artifacts));
    log(`${title}: fetching jars with Maven…`);
    await runCommand({
      command: mvn,
      args: ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${directory}`, '-DincludeScope=runtime'],
      cwd: project,
      timeoutMs: fetchLimitMs,
      onElapsed: (seconds) => {
        log(`${title}: still fetching (${String(seconds)} s)`);
      },
    });
  } finally {
    await rm(project, { recursive: true, force: true });
  }
  return (await readdir(directory)).filter((name) => name.endsWith('.jar')).length;
}
