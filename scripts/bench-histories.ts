/**
 * What does the upgrade of a large cluster cost in histories? The product's workflows and activities over the model of a
 * cluster of 1,000 brokers, in the time-skipping server. Prints a table; there is no limit here that could fail on a busy
 * machine.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { payloadCodecs } from '../src/client/payload-codec';
import { columns } from '../src/render/columns';
import { workflowBundle } from '../test/support/bundle';
import { FakeWorld } from '../test/support/fake-world';
import { createTimeSkippingEnvironment } from '../test/support/temporal-env';
import { driveUpgrade } from '../test/support/upgrade-harness';
import type { UpgradeDriver } from '../test/support/upgrade-harness';
import { violations } from '../test/support/world-invariants';
import { historyFigures } from './bench/history-figures';
import type { HistoryFigures } from './bench/history-figures';

const brokers = Number(process.argv[2] ?? 1_000);
/** The others run the target already: as much to show, less to wait for. */
const toRoll = Number(process.argv[3] ?? brokers);

/** As long as a real file around what is edited, so that the differences in the plan are as long as real ones. */
const properties = (id: number): string =>
  [
    `broker.id=${id}`,
    'zookeeper.connect=zookeeper-1.example.com:2181,zookeeper-2.example.com:2181,zookeeper-3.example.com:2181/kafka',
    `advertised.listeners=PLAINTEXT://broker-${id}.kafka.example.com:9092`,
    'log.dirs=/var/lib/kafka/data-1,/var/lib/kafka/data-2',
    'num.replica.fetchers=4',
    'default.replication.factor=3',
    'min.insync.replicas=2',
    '',
  ].join('\n');

const largeWorld = (): FakeWorld => {
  const world = new FakeWorld({
    cluster: 'large',
    nodeCount: brokers,
    policy: { healthyDeadlineMs: 60_000, stopTimeoutMs: 60_000, startTimeoutMs: 60_000 },
  });
  for (const node of world.nodes.values()) {
    node.properties = properties(node.id);
    if (node.id <= toRoll) continue;
    node.link = '3.8.1';
    node.properties = `${node.properties}inter.broker.protocol.version=3.8\n`;
    if (node.process !== null) node.process = { ...node.process, version: '3.8.1', protocol: '3.8' };
  }
  return world;
};

const waitFor = async (driver: UpgradeDriver, gate: string): Promise<void> => {
  for (;;) {
    const { waitingFor, nodes, message, phase } = await driver.status();
    if (waitingFor?.gate === gate) return;
    if (waitingFor !== null) throw new Error(`${waitingFor.kind}: ${waitingFor.question}`);
    const done = (part: 'binaries' | 'protocol'): number => nodes.filter((node) => node[part]?.state === 'done').length;
    process.stderr.write(`${phase} ${done('binaries')} ${done('protocol')} ${message.slice(0, 60)}\n`);
    await pause(3_000);
  }
};

const fastest = async (times: number, work: () => Promise<unknown>): Promise<number> => {
  let best = Infinity;
  for (let index = 0; index < times; index += 1) {
    const began = performance.now();
    await work();
    best = Math.min(best, performance.now() - began);
  }
  return best;
};

const row = (name: string, { events, kilobytes, replayMs, cpuMs, largest }: HistoryFigures): string[] => [
  name,
  String(events),
  `${kilobytes.toFixed(0)} KiB`,
  `${(cpuMs / 1000).toFixed(2)} s`,
  `${(replayMs / 1000).toFixed(2)} s`,
  `${(largest.bytes / 1024).toFixed(0)} KiB in ${largest.path}`,
];

const main = async (): Promise<void> => {
  const environment = await createTimeSkippingEnvironment();
  const world = largeWorld();
  const workflowId = `kafka-upgrade/large`;
  const began = performance.now();
  const cpu = process.cpuUsage();
  try {
    const statusMs = await driveUpgrade(environment, world, async (driver) => {
      await driver.approve('plan');
      await driver.approve('canary');
      await waitFor(driver, 'protocol');
      const statusMs = await fastest(20, () => driver.status());
      await driver.approve('protocol');
      while (
        (await driver.handle.describe()).status.name === 'RUNNING' &&
        (await driver.status()).nodes.some(({ protocol }) => protocol?.state === 'pending')
      )
        await pause(3_000);
      await driver.when('it has ended', ({ outcome }) => outcome !== null);
      return statusMs;
    });
    const tookMs = performance.now() - began;
    const { user, system } = process.cpuUsage(cpu);
    const options = { workflowBundle: await workflowBundle(), dataConverter: { payloadCodecs } };
    const child = await environment.client.workflow.getHandle(`${workflowId}/binaries/1`).fetchHistory();
    const { cpuMs: startMs } = await historyFigures(child, options, `${workflowId}/binaries/1`);
    process.stdout.write(`a worker alone: ${startMs.toFixed(0)} ms of CPU\n`);
    const rows: string[][] = [];
    let runId: string | undefined;
    do {
      const history = await environment.client.workflow.getHandle(workflowId, runId).fetchHistory();
      rows.unshift(row(runId ?? 'last run', await historyFigures(history, options, workflowId)));
      runId = history.events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? undefined;
    } while (runId !== undefined && runId !== '');
    process.stdout.write(
      `${brokers} brokers, two rolls: ${(tookMs / 1000).toFixed(0)} s, ${((user + system) / 1e6).toFixed(0)} s of CPU; status ${statusMs.toFixed(1)} ms; broken invariants: ${violations(world).length}\n\n`,
    );
    process.stdout.write(
      `${columns([['run', 'events', 'payloads', 'CPU of a replay', 'replay', 'largest payload'], ...rows]).join('\n')}\n`,
    );
  } finally {
    await environment.teardown();
  }
};

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
