import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime } from '@temporalio/worker';

import { payloadCodecs } from '../../src/client/payload-codec';
import { startTemporalServer } from '../../src/lab/provision/temporal-server';
import { ensureTimeSkippingServer } from '../../src/lab/provision/temporal-test-server';

/** Where the preparation of the servers is told; `npm test` provisions before, so that it is usually nothing. */
const log = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

let installed = false;

/** A workflow that fails on purpose is no news in a test; set TEMPORAL_LOG=INFO to see everything. */
export function quietRuntime(): void {
  if (installed) return;
  installed = true;
  const level = process.env['TEMPORAL_LOG'] === 'INFO' ? 'INFO' : 'ERROR';
  Runtime.install({
    logger: new DefaultLogger(level),
    telemetryOptions: { logging: { forward: {}, filter: 'ERROR' } },
  });
}

/** A Temporal server whose clock jumps to the next timer whenever nothing is left to do: a soak of hours takes no time. */
export async function createTimeSkippingEnvironment(): Promise<TestWorkflowEnvironment> {
  quietRuntime();
  const path = await ensureTimeSkippingServer({ log });
  // The SDK gives the server 5 s, which a JVM on a busy machine may not keep; what it has read by then is cached.
  for (let triesLeft = 4; ; triesLeft--) {
    try {
      return await TestWorkflowEnvironment.createTimeSkipping({
        server: { executable: { type: 'existing-path', path } },
        client: { dataConverter: { payloadCodecs } },
      });
    } catch (error) {
      if (triesLeft === 0 || !String(error).includes('did not start within')) throw error;
    }
  }
}

/** A real Temporal server of one's own, with what the time-skipping one lacks: search attributes, details, the web UI. */
export interface LocalEnvironment {
  environment: TestWorkflowEnvironment;
  /** `host:port` of the frontend, for workers and command lines in processes of their own. */
  address: string;
  uiAddress: string;
  namespace: string;
  stop: () => Promise<void>;
}

/** Starts a real Temporal server on free ports of 127.0.0.1, its database in a directory of its own. */
export async function createLocalEnvironment(): Promise<LocalEnvironment> {
  quietRuntime();
  const directory = await mkdtemp(join(tmpdir(), 'kafka-upgrade-temporal-'));
  const dbFile = join(directory, 'temporal.db');
  const server = await startTemporalServer({ ip: '127.0.0.1', port: 0, uiPort: 0, dbFile, log });
  const { address, uiAddress, namespace } = server;
  const environment = await TestWorkflowEnvironment.createFromExistingServer({
    address,
    namespace,
    client: { dataConverter: { payloadCodecs } },
  });
  const stop = async (): Promise<void> => {
    await environment.teardown();
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  };
  return { environment, address, uiAddress, namespace, stop };
}
