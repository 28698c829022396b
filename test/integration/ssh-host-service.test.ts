import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SshBrokerHost } from '../../src/hosts/ssh-broker-host';
import { leaseOf, type FakeKafkaHost } from '../support/fake-kafka-host';
import { failureOf, HostTestBed } from '../support/host-test-bed';
import { until } from '../support/until';

jest.setTimeout(60_000);

let bed: HostTestBed;
let fake: FakeKafkaHost;
let host: SshBrokerHost;

beforeAll(async () => {
  bed = await HostTestBed.create('127.0.31.4');
});
afterAll(() => bed.stop());
beforeEach(() => {
  ({ fake, host } = bed.freshHost());
});
afterEach(() => bed.endBrokers());

describe('start and stop', () => {
  it('starts the broker, finds exactly it, stops it, waits for its end and reads its traces', async () => {
    const broker = await bed.start(host);
    expect(await host.findProcess()).toEqual(broker);
    expect(await host.start(leaseOf())).toMatchObject({ changed: false, process: broker });
    const data = join(fake.root, 'data');
    await until('the fake broker has begun', () => !existsSync(join(data, '.kafka_cleanshutdown')));
    expect(await host.awaitExit(broker, 100)).toBe(false);
    const gateBegan = await host.clock();
    const stop = { process: broker, gateBegan, maxGateAgeSeconds: 15 };
    expect(await host.requestStop(leaseOf(), stop)).toMatchObject({ changed: true });
    expect(await host.awaitExit(broker, 10_000)).toBe(true);
    expect(await host.requestStop(leaseOf(), stop)).toMatchObject({ changed: false });
    expect(await host.findProcess()).toBeNull();
    const trace = await host.stopTrace([data, join(fake.root, 'etc')]);
    expect(trace).toEqual({
      cleanShutdownMarkers: [
        { directory: data, present: true },
        { directory: join(fake.root, 'etc'), present: false },
      ],
      logTail: 'first\nsecond\nthird\n',
    });
  });

  it('knows whose stop was asked for, until the next start', async () => {
    expect(await host.stopAsked()).toBeNull();
    const broker = await bed.start(host);
    expect(await host.stopAsked()).toBeNull();
    const stop = { process: broker, gateBegan: await host.clock(), maxGateAgeSeconds: 15 };
    await failureOf(host.requestStop(leaseOf(), { ...stop, maxGateAgeSeconds: -1 }));
    expect(await host.stopAsked()).toBeNull();
    await host.requestStop(leaseOf(), stop);
    expect(await host.stopAsked()).toEqual(broker);
    await host.awaitExit(broker, 10_000);
    expect(await host.stopAsked()).toEqual(broker);
    await bed.start(host);
    expect(await host.stopAsked()).toBeNull();
  });

  it('does not call a stop asked for that could not be asked for', async () => {
    const { paths } = fake.cluster;
    const start = `'${paths.current}/bin/kafka-server-start.sh' -daemon '${paths.config}'`;
    const custom = bed.hostWith({ paths, service: { type: 'commands', start, stop: 'exit 5' } });
    const broker = await bed.start(custom);
    const stop = { process: broker, gateBegan: await custom.clock(), maxGateAgeSeconds: 15 };
    expect((await failureOf(custom.requestStop(leaseOf(), stop))).message).toContain('the stop command ended with 5');
    expect(await custom.stopAsked()).toBeNull();
  });

  it('leaves the lock free while the broker runs, and the broker running when the connection is lost', async () => {
    const broker = await bed.start(host);
    await host.storeLease(leaseOf({ step: 2 }));
    const session = bed.session;
    await session.run('kill -KILL $PPID', { timeoutMs: 10_000 }).catch(() => null);
    expect(await host.findProcess()).toEqual(broker);
  });

  it('does not take the broker of another properties file for its own', async () => {
    const other = bed.freshHost();
    const neighbour = await bed.start(other.host);
    expect(await host.findProcess()).toBeNull();
    const gateBegan = await host.clock();
    const stop = { process: neighbour, gateBegan, maxGateAgeSeconds: 15 };
    expect((await failureOf(host.requestStop(leaseOf(), stop))).message).toContain('is not the broker of');
    expect(await other.host.findProcess()).toEqual(neighbour);
  });

  it('I5: refuses a stop whose gate is too old, or from another boot', async () => {
    const broker = await bed.start(host);
    const now = await host.clock();
    const old = { ...now, uptimeSeconds: now.uptimeSeconds - 16 };
    const stop = { process: broker, gateBegan: old, maxGateAgeSeconds: 15 };
    const error = await failureOf(host.requestStop(leaseOf(), stop));
    expect(error.type).toBe('GateTooOld');
    expect(error.message).toMatch(/16 s ago; the limit is 15 s/);
    const otherBoot = { ...stop, gateBegan: { ...now, bootId: 'another' } };
    expect((await failureOf(host.requestStop(leaseOf(), otherBoot))).type).toBe('GateTooOld');
    expect(await host.findProcess()).toEqual(broker);
  });

  it('does not signal a process that has only the same pid', async () => {
    const broker = await bed.start(host);
    const reused = { ...broker, startTicks: broker.startTicks - 1 };
    const stop = { process: reused, gateBegan: await host.clock(), maxGateAgeSeconds: 15 };
    expect((await failureOf(host.requestStop(leaseOf(), stop))).message).toContain('but the broker runs as');
    expect(await host.awaitExit(reused, 5_000)).toBe(true);
    expect(await host.findProcess()).toEqual(broker);
  });

  it('reports a start that fails, with what the script said', async () => {
    writeFileSync(join(fake.cluster.paths.current, 'bin', 'broken'), '');
    const error = await failureOf(host.start(leaseOf()));
    expect(error.type).toBe('StartFailed');
    expect(error.message).toContain('ended with 3: the fake cannot start');
  });

  it('uses configured commands, and does not hold the lock while a stop command takes its time', async () => {
    const { paths } = fake.cluster;
    const pidFile = join(fake.root, 'pid');
    const service = {
      type: 'commands',
      start: `'${paths.current}/bin/kafka-server-start.sh' -daemon '${paths.config}'`,
      stop: `kill -TERM $(cat '${pidFile}'); sleep 4`,
    } as const;
    const custom = bed.hostWith({ paths, service });
    const broker = await bed.start(custom);
    writeFileSync(pidFile, String(broker.pid));
    const stop = { process: broker, gateBegan: await custom.clock(), maxGateAgeSeconds: 15 };
    expect(await custom.requestStop(leaseOf(), stop)).toMatchObject({
      changed: true,
      evidence: expect.stringContaining('still running'),
    });
    const begun = performance.now();
    await custom.storeLease(leaseOf({ step: 2 }));
    expect(performance.now() - begun).toBeLessThan(1_500);
    expect(await custom.awaitExit(broker, 10_000)).toBe(true);
  });

  it('tells progress while it waits, and can be cancelled', async () => {
    const broker = await bed.start(host);
    const controller = new AbortController();
    const reason = new Error('the activity was cancelled');
    const onProgress = jest.fn(() => controller.abort(reason));
    await expect(host.awaitExit(broker, 30_000, { onProgress, signal: controller.signal })).rejects.toBe(reason);
    expect(onProgress).toHaveBeenCalledWith(expect.stringContaining(`process ${broker.pid} on ${host.address}`));
  });
});
