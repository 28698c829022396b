/**
 * A roll that meets one fault after the other, each made on purpose on real brokers: the gate names it, holds or parks, and
 * goes on once it is mended. The groups: classic (the traffic's), of the new protocol (KIP-848), and one that falls behind.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Consumer, Kafka, logLevel } from 'kafkajs';
import { parseDocument } from 'yaml';
import type { UpgradeLook } from '../../src/client/upgrade-client';
import type { Stage } from '../../src/demo/stage';
import type { NodeId } from '../../src/domain/cluster/cluster';
import { awaitRegistered, serviceProcess, startNode } from '../../src/lab/kafka-service';
import { javaHome } from '../../src/lab/lab-start';
import { startJavaClient } from '../../src/lab/traffic/java-client';
import type { JavaClient } from '../../src/lab/traffic/java-client';
import { ensureTopic } from '../../src/lab/traffic/topic';
import { closeAll } from '../support/close-all';
import { until } from '../support/until';
import { follow, lookIfAnswered, wordsOf } from './support/follow';
import type { Follow } from './support/follow';
import { openTestStage } from './support/upgrade-leg';

jest.setTimeout(12 * 60_000);

const [from, to] = ['4.0.2', '4.1.2'];
const properties = '/etc/kafka/server.properties';
const release = (version: string): string => `/opt/kafka-releases/kafka_2.13-${version}`;
const probeTopic = 'end-to-end';
/** No single value is wrong, and the old release does not know it: only the new one, at its start, sees that it is above the maximum. */
const refusedAtStart = 'group.streams.session.timeout.ms=70000';

const afterStop: readonly string[] = ['starting', 'catching-up'];

describe('a roll that meets faults', () => {
  let stage: Stage;
  let seen: Follow;
  let modern: JavaClient;
  let laggard: Consumer;
  /** How long the laggard takes for a record (ms). */
  let dawdle = 0;

  const host = (nodeId: NodeId) => {
    const found = stage.lab.brokers.find((broker) => broker.nodeId === nodeId);
    if (found === undefined) throw new Error(`the lab has no node ${nodeId}`);
    return found;
  };

  const onHost = async (nodeId: NodeId, command: string): Promise<void> => {
    const { stdout, stderr, exitCode } = await stage.lab.exec(host(nodeId).name, command);
    if (exitCode !== 0) throw new Error(`${command}: ${stdout}${stderr}`);
  };

  const changeDefinition = (): void => {
    const file = join(stage.lab.definitionsDirectory, 'lab.yaml');
    const document = parseDocument(readFileSync(file, 'utf8'));
    document.set('policy', {
      soakSeconds: 0,
      preferredLeaders: 'elect',
      endToEndTopic: probeTopic,
      consumerLag: { stalledAfterSeconds: 6, growingAfterSeconds: 15, rebalanceToleranceSeconds: 0 },
    });
    document.set('disasterRecovery', { probe: { node: 1, command: 'echo "the mirror is $((1 + 1)) s behind"' } });
    writeFileSync(file, document.toString());
  };

  const startModern = (): JavaClient =>
    startJavaClient({
      releaseDirectory: stage.lab.releaseDirectory,
      mainClass: 'org.apache.kafka.tools.consumer.ConsoleConsumer',
      arguments: [
        ...['--bootstrap-server', stage.lab.bootstrap, '--topic', stage.traffic.topic, '--group', 'modern'],
        ...['--consumer-property', 'group.protocol=consumer', '--consumer-property', 'auto.commit.interval.ms=500'],
      ],
      errorFile: join(stage.directory, 'modern.log'),
      onLine: () => undefined,
    });

  const startLaggard = async (): Promise<Consumer> => {
    const kafka = new Kafka({ brokers: stage.lab.bootstrap.split(','), logLevel: logLevel.NOTHING });
    // Small bites of every partition: a group that is slow, but commits everywhere, as opposed to one that stalls.
    const consumer = kafka.consumer({ groupId: 'laggard', maxBytesPerPartition: 4_096 });
    await consumer.connect();
    await consumer.subscribe({ topics: [stage.traffic.topic] });
    await consumer.run({
      autoCommitInterval: 500,
      partitionsConsumedConcurrently: 12,
      eachMessage: async () => {
        if (dawdle > 0) await sleep(dawdle);
      },
    });
    return consumer;
  };

  beforeAll(async () => {
    stage = await openTestStage({ from, to, mode: 'kraft' });
    changeDefinition();
    await ensureTopic({ bootstrap: stage.lab.bootstrap, topic: probeTopic, partitions: 3, replicas: 3 });
    modern = startModern();
    laggard = await startLaggard();
  });

  afterAll(async () => {
    dawdle = 0;
    await closeAll(
      () => laggard.disconnect(),
      () => modern.stop(0),
      () => stage.close(),
    );
  });

  const says = (...words: string[]): Promise<UpgradeLook> =>
    seen(`it says ${words.join(' … ')}`, (look) => {
      const said = wordsOf(look);
      return words.every((word) => said.includes(word));
    });

  const parks = (type: string, nodeId: NodeId): Promise<UpgradeLook> =>
    seen(`it parks with ${type}`, ({ status }) => {
      const { trouble } = status;
      return status.phase === 'parked' && trouble?.type === type && trouble.nodeId === nodeId;
    });

  const unrolled = async (): Promise<NodeId[]> => {
    const look = await until('a look', () => lookIfAnswered(stage.client));
    return look.status.nodes.filter(({ binaries }) => binaries.state === 'pending').map(({ nodeId }) => nodeId);
  };

  const doAgain = async (): Promise<void> => {
    const { park } = await stage.client.status();
    expect(await stage.client.send('retry', { by: 'test', park })).toMatchObject({ accepted: true });
  };

  /** The node that was restarted first; it goes down again while the second waits for its turn. */
  let canary: NodeId;
  let last: NodeId;

  it('a setting that only the new release refuses: its broker is put back on the old one, and nothing else is touched', async () => {
    for (const id of [1, 2, 3])
      await onHost(id, `cp ${properties} /tmp/good.properties; echo ${refusedAtStart} >> ${properties}`);
    seen = follow(stage.client);
    await stage.client.start({ target: to, requester: 'test' }, stage.taskQueue);
    const { status } = await seen('it parks', ({ status: now }) => now.phase === 'parked');
    expect(status.trouble).toMatchObject({ type: 'StartFailed', phase: 'binaries', nodeIsDown: false });
    expect(status.trouble?.message).toContain('group.streams.session.timeout.ms must be less than or equal to');
    expect(status.trouble?.message).toContain(`The old release ${from} was put back`);
    expect((await stage.facts()).map(({ version }) => version)).toEqual([from, from, from]);
    await stage.client.send('abort', { by: 'test', comment: 'the setting has to go first' });
    await seen('it ends', ({ ending }) => ending?.outcome === 'aborted');
    for (const id of [1, 2, 3]) await onHost(id, `cp /tmp/good.properties ${properties}`);
  });

  it('a second broker is down: the next one is not stopped', async () => {
    seen = follow(stage.client, 'canary');
    await stage.client.start({ target: to, requester: 'test' }, stage.taskQueue);
    const atGate = await seen('the gate of the canary', ({ status }) => status.waitingFor?.gate === 'canary');
    canary = atGate.status.nodes.find(({ binaries }) => binaries.state === 'done')?.nodeId ?? 0;
    const others = [1, 2, 3].filter((id) => id !== canary);
    const pids = (): (number | undefined)[] => others.map((id) => serviceProcess(host(id))?.pid);
    const running = pids();
    process.kill(serviceProcess(host(canary))?.pid ?? 0, 'SIGTERM');
    await until('it is down', () => serviceProcess(host(canary)) === null, 60_000);

    await stage.client.send('approve', { by: 'test', gate: 'canary' });
    // Said by the gate of the next broker, or by the look before its choice when the answer took longer than that look is good for.
    await says(`broker ${canary} does not answer`);
    expect(running).not.toContain(undefined);
    expect(pids()).toEqual(running);
  });

  it('a group of the new protocol stalls in the restart of the second: the third is not touched', async () => {
    process.kill(modern.pid, 'SIGSTOP');
    await startNode(host(canary), { release: to, ssh: stage.lab.ssh, javaHome: javaHome() });
    await awaitRegistered(stage.lab.brokers);
    const held = await says('group modern is stalled: no commit for more than 6.0 s while records arrive');
    expect(held.live.node?.step).toBe('catching-up');
    [last = 0] = await unrolled();
    expect(last).toBeGreaterThan(0);
  });

  it('a file that somebody changes: its broker is not stopped', async () => {
    await onHost(last, `cp ${properties} /tmp/planned.properties; echo '# by hand' >> ${properties}`);
    process.kill(modern.pid, 'SIGCONT');
    const { status } = await parks('ConfigDrift', last);
    expect(status.trouble?.message).toContain('server.properties is not what the plan was made from');
    expect(status.trouble?.nodeIsDown).toBe(false);
  });

  it('a release that is another than its name says: found out, and the broker is up', async () => {
    await onHost(last, `cp /tmp/planned.properties ${properties}; mount --bind ${release(from)} ${release(to)}`);
    await doAgain();
    const { status } = await seen(
      'it parks',
      ({ status: now }) => now.phase === 'parked' && now.trouble?.type !== 'ConfigDrift',
    );
    expect(status.trouble?.message).toContain(from);
    expect(status.trouble?.nodeIsDown).toBe(false);
    expect(serviceProcess(host(last))).not.toBeNull();
    await onHost(last, `umount ${release(to)}`);
  });

  it('a group that falls behind: the gate stays closed until it catches up', async () => {
    await doAgain();
    // Not before its broker is down: a group that stands still holds the stop, and what grew before is not held against it.
    await seen('its broker is down', ({ live: { node } }) => node !== null && afterStop.includes(node.step));
    // It takes a while to tell a trend: a group that stands still holds the gate for so long, however fast the broker is back.
    process.kill(modern.pid, 'SIGSTOP');
    dawdle = 250;
    await says('group laggard', 'its lag grows');
    process.kill(modern.pid, 'SIGCONT');
    const held = await seen('only the laggard holds it', (look) => {
      const said = wordsOf(look);
      return said.includes('its lag grows') && !said.includes('group modern');
    });
    expect(held.status.phase).not.toBe('parked');
  });

  it('a file that is put back after the restart of its broker: found before the level is raised; then all ends well', async () => {
    await onHost(canary, `cp ${properties} /tmp/planned.properties; echo '# put back' >> ${properties}`);
    dawdle = 0;
    const { status } = await seen('it parks', ({ status: now }) => now.phase === 'parked');
    expect(status.trouble).toMatchObject({ type: 'ConfigDrift', nodeIsDown: false });
    expect(status.trouble?.message).toMatch(/^Not every node is as planned: server.properties on \S+ was changed by/);
    await onHost(canary, `cp /tmp/planned.properties ${properties}`);
    await doAgain();
    const done = await seen('it ends', ({ ending }) => ending !== null);
    expect(done.ending).toMatchObject({ outcome: 'completed' });
    expect(await stage.traffic.finish()).toMatchObject({ lost: 0, duplicated: 0 });
  });

  it('had the disaster-recovery path probed before the first change', async () => {
    const evidence = JSON.stringify(await stage.client.timeline());
    expect(evidence).toMatch(/the mirror is .{0,20} s behind.*ended with exit code 0: the mirror is 2 s behind/);
  });

  it('had the preferred leaders back after each broker, and records through every one', async () => {
    const evidence = JSON.stringify(await stage.client.timeline());
    expect(evidence).toMatch(/broker \d leads the \d+ partitions that prefer it/);
    expect(evidence).toMatch(
      /a record to each of end-to-end-[012],[012],[012] was on all in-sync replicas within \d+ ms/,
    );
  });
});
