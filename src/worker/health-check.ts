/**
 * `node dist/worker/health-check.js [task queue]`: exits 0 when a worker of this host looks for work, else 1 with the
 * reason. For container health checks: a process that lives but has lost Temporal is of no use.
 */
import { hostname } from 'node:os';
import { connectTemporal } from '../client/connect';
import type { TemporalSession } from '../client/connect';
import { defaultTaskQueue } from '../client/upgrade-client';

/** A worker asks again at least once a minute (the server's limit of a long poll); twice that means that it stopped (ms). */
const pollAgeLimitMs = 120_000;

/** Seconds of a protobuf timestamp; they arrive as a number or as a Long. */
type Seconds = number | { toNumber: () => number } | null | undefined;

const milliseconds = (seconds: Seconds): number =>
  1000 * (typeof seconds === 'number' ? seconds : (seconds?.toNumber() ?? 0));

/** Has a worker of `host` asked for work in the last two minutes? Identities are `<pid>@<host>`. */
export async function isPolling(session: TemporalSession, taskQueue: string, host: string): Promise<boolean> {
  const { pollers } = await session.client.workflowService.describeTaskQueue({
    namespace: session.namespace,
    taskQueue: { name: taskQueue },
  });
  const since = Date.now() - pollAgeLimitMs;
  return pollers.some(
    ({ identity, lastAccessTime }) =>
      identity?.endsWith(`@${host}`) === true && milliseconds(lastAccessTime?.seconds) > since,
  );
}

async function main(taskQueue = defaultTaskQueue): Promise<void> {
  const session = await connectTemporal({});
  try {
    if (await isPolling(session, taskQueue, hostname())) return;
    throw new Error(`No worker of ${hostname()} looks for work in task queue ${taskQueue} at ${session.address}.`);
  } finally {
    await session.close();
  }
}

if (require.main === module) {
  main(process.argv[2]).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
