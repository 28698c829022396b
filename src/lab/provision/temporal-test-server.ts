import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ensureCached, type ProvisionLog } from './cache';
import { fetchWithMaven } from './maven-libraries';

const version = '1.38.0';
/** Raise it when the wrapper script changes. */
const serverRevision = 1;

/** One small JVM that lives for one test file: quick to start rather than fast in the long run. */
const wrapper = `#!/bin/sh
# Runs Temporal's Java test server, which skips time; the SDK passes the port and options.
exec "\${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx384m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \\
  -cp "$(dirname "$0")/libs/*" io.temporal.testserver.TestServer "$@"
`;

/**
 * The path of an executable for `TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type:
 * 'existing-path', path } } })`, fetched with Maven on first use.
 */
export async function ensureTimeSkippingServer({ log }: { log: ProvisionLog }): Promise<string> {
  const title = `Temporal test server ${version}`;
  const directory = await ensureCached({
    title,
    location: `temporal/test-server-${version}`,
    revision: serverRevision,
    log,
    build: async (target) => {
      const artifacts = [{ group: 'io.temporal', artifact: 'temporal-test-server', version }];
      const jars = await fetchWithMaven({ title, artifacts, directory: path.join(target, 'libs'), log });
      const script = path.join(target, 'temporal-test-server');
      await writeFile(script, wrapper);
      await chmod(script, 0o755);
      log(`${title}: ready, ${String(jars)} jars`);
    },
  });
  return path.join(directory, 'temporal-test-server');
}
