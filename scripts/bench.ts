/**
 * What does one look of a gate cost on a large cluster? The real client and the real assessment against synthetic brokers:
 * 1,000 brokers, 200,000 partitions, 1,000 consumer groups on 200 partitions each. Prints a table; there is no limit here that
 * could fail on a busy machine.
 */
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { measureCluster } from '../src/activities/measure';
import type { ClusterAccess } from '../src/activities/cluster-access';
import { checkCluster } from '../src/domain/health/assess-cluster';
import { assessStop } from '../src/domain/health/assess-stop';
import type { ClusterMeasurement } from '../src/domain/health/measurement';
import { createKafkaReader } from '../src/kafka/kafkajs-reader';
import { defaultPolicy } from '../src/domain/policy/policy';
import { LagSampler } from '../src/kafka/lag-sampler';
import { columns } from '../src/render/columns';
import { goodGauges } from '../test/support/healthy-measurement';
import { brokers, groups } from './bench/size';

const polls = 5;

interface Brokers {
  addresses: string[];
  metadataBytes: number;
}

const nodeIds = Array.from({ length: brokers }, (_, index) => index + 1);

const accessTo = ({ addresses }: Brokers): ClusterAccess => {
  const nodes = nodeIds.map((id) => ({ id, kafka: addresses[id - 1] ?? '127.0.0.1:1', roles: ['broker'] }));
  const kafka = createKafkaReader({ nodes, requestTimeoutMs: 60_000, connectTimeoutMs: 5_000 });
  const gauges = { open: () => undefined, latest: () => goodGauges, trouble: () => null };
  // Only what a measurement uses: hosts and consumer groups play no part in it.
  return { definition: { mode: 'zookeeper', nodes }, kafka, gauges } as unknown as ClusterAccess;
};

const residentMiB = (): number => Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;

const measured = async (
  name: string,
  access: ClusterAccess,
  poll: (measurement: ClusterMeasurement) => { status: string } | Promise<{ status: string }>,
): Promise<string[]> => {
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  let status = '';
  for (let index = 0; index < polls; index += 1) {
    const measurement = await measureCluster(access, 1, { withMinIsr: name.includes('stop') });
    status = (await poll(measurement)).status;
  }
  const { user, system } = process.cpuUsage(cpu);
  const wallMs = (performance.now() - began) / polls;
  return [
    name,
    status,
    `${((user + system) / 1e6 / polls).toFixed(2)} s`,
    `${(wallMs / 1000).toFixed(2)} s`,
    `${residentMiB().toFixed(0)} MiB`,
  ];
};

const main = async (): Promise<void> => {
  const child = fork(join(__dirname, 'bench', 'synthetic-brokers.ts'), { execArgv: process.execArgv });
  const brokersUp = await new Promise<Brokers>((resolve) => {
    child.once('message', (message) => {
      resolve(message as Brokers);
    });
  });
  const access = accessTo(brokersUp);
  const idleMiB = residentMiB();
  const lag = new LagSampler({ reader: access.kafka, nodeIds, policy: defaultPolicy.consumerLag });
  const restartedAtMs = Date.now();
  // The connections to 1,000 brokers are opened once, not by every look.
  await lag.sampleNow();
  const rows = [
    await measured('a look after a start', access, (measurement) => {
      const bad = checkCluster(measurement).find(({ status }) => status !== 'successful');
      return { status: bad?.message ?? 'successful' };
    }),
    await measured('a look before a stop', access, (measurement) =>
      assessStop(measurement, { nodeId: 1, minIsrMargin: 0, accepted: [], maybeSick: false }),
    ),
    await measured('a look with its groups', access, async (measurement) => {
      const bad = checkCluster(measurement).find(({ status }) => status !== 'successful');
      await lag.sampleNow();
      const { groups, sentences } = lag.assess({ restartedAtMs, nowMs: Date.now() });
      return { status: bad?.message ?? sentences[0] ?? `${groups.length} groups go on` };
    }),
  ];
  const title = `${brokers} brokers, 200,000 partitions, ${groups} consumer groups, ${(brokersUp.metadataBytes / 1024 ** 2).toFixed(1)} MiB of metadata from each of 5 brokers; ${idleMiB.toFixed(0)} MiB before`;
  process.stdout.write(`${title}\n\n`);
  process.stdout.write(`${columns([['', 'verdict', 'CPU', 'time', 'highest memory'], ...rows]).join('\n')}\n`);
  await access.kafka.close();
  child.disconnect();
};

void main();
