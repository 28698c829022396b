import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrokerProcess } from '../../src/domain/cluster/cluster';
import type { BringUp } from '../../src/hosts/broker-host';
import type { SshBrokerHost } from '../../src/hosts/ssh-broker-host';
import { leaseOf, type FakeKafkaHost } from '../support/fake-kafka-host';
import { failureOf, HostTestBed } from '../support/host-test-bed';
import { asItIs, awaitExit, restart } from '../support/restart-by-hand';
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

/** The start command of an operator who uses the scripts of Kafka. */
const startCommand = (): string =>
  `'${fake.cluster.paths.current}/bin/kafka-server-start.sh' -daemon '${fake.cluster.paths.config}'`;

const customHost = (commands: { start: string; stop: string }): SshBrokerHost =>
  bed.hostWith({ paths: fake.cluster.paths, service: { type: 'commands', ...commands } });

/** A stop of this process whose gate was measured right now. */
const stopOf = async (
  on: SshBrokerHost,
  broker: BrokerProcess,
): Promise<Parameters<SshBrokerHost['requestStop']>[1]> => ({
  restart,
  process: broker,
  gateBegan: await on.clock(),
  maxGateAgeSeconds: 15,
});

/** Brings the node up with the next release and another file. */
const newRelease = async (id: string): Promise<BringUp> => {
  const { sha256 } = await host.lookAtRestart();
  const properties = { text: 'broker.id=1\nnum.io.threads=9\n', expectedSha256: sha256 };
  return asItIs(host, { restart: id, version: '3.8.1', properties });
};

describe('start and stop', () => {
  it('starts the broker, finds exactly it, stops it, waits for its end and reads its traces', async () => {
    const broker = await bed.start(host);
    expect(await host.findProcess()).toEqual(broker);
    expect(await host.bringUp(leaseOf(), await asItIs(host))).toMatchObject({ changed: false, process: broker });
    const data = join(fake.root, 'data');
    await until('the fake broker has begun', () => !existsSync(join(data, '.kafka_cleanshutdown')));
    expect(await awaitExit(host, broker, 100)).toBe(false);
    const gateBegan = await host.clock();
    const stop = { restart, process: broker, gateBegan, maxGateAgeSeconds: 15 };
    expect(await host.requestStop(leaseOf(), stop)).toMatchObject({ changed: true });
    expect(await awaitExit(host, broker, 10_000)).toBe(true);
    expect(await host.requestStop(leaseOf(), stop)).toMatchObject({ changed: false });
    expect(await host.findProcess()).toBeNull();
    const logDirectories = [data, join(fake.root, 'etc')];
    const trace = await host.awaitStop({ process: broker, timeoutMs: 1_000, logDirectories });
    expect(trace).toEqual({
      gone: true,
      stopMs: expect.any(Number),
      cleanShutdownMarkers: [
        { directory: data, present: true },
        { directory: join(fake.root, 'etc'), present: false },
      ],
      logTail: 'first\nsecond\nthird\n',
    });
  });

  it('records what a restart does, for whoever takes it over', async () => {
    expect((await host.lookAtRestart()).record).toBeNull();
    const broker = await bed.start(host);
    expect((await host.lookAtRestart()).record).toEqual({
      id: restart,
      asked: null,
      exited: null,
      cause: null,
      launches: [{ aim: 'planned', version: '3.7.2', started: broker }],
    });
    const stop = { restart: 'run-1/1.5', process: broker, gateBegan: await host.clock(), maxGateAgeSeconds: 15 };
    await failureOf(host.requestStop(leaseOf(), { ...stop, maxGateAgeSeconds: -1 }));
    expect((await host.lookAtRestart()).record?.id).toBe(restart);
    await host.requestStop(leaseOf(), stop);
    expect((await host.lookAtRestart()).record).toMatchObject({ id: 'run-1/1.5', asked: broker, launches: [] });
    await awaitExit(host, broker, 10_000);
    const cause = { type: 'StartFailed', message: 'it "died";\n two lines' };
    const exited = { stopMs: 210, clean: true };
    const { process } = await host.bringUp(
      leaseOf(),
      await asItIs(host, { restart: 'run-1/1.5', aim: 'back', exited, cause }),
    );
    bed.adopt(process);
    expect(await host.lookAtRestart()).toMatchObject({
      process,
      starting: false,
      version: '3.7.2',
      record: { asked: broker, exited, cause, launches: [{ aim: 'back', version: '3.7.2', started: process }] },
    });
  });

  it('does not call a stop asked for that could not be asked for', async () => {
    const custom = customHost({ start: startCommand(), stop: 'exit 5' });
    const broker = await bed.start(custom);
    const stop = { restart: 'run-1/1.5', process: broker, gateBegan: await custom.clock(), maxGateAgeSeconds: 15 };
    expect((await failureOf(custom.requestStop(leaseOf(), stop))).message).toContain('the stop command ended with 5');
    expect((await custom.lookAtRestart()).record).toBeNull();
  });

  it('calls a stop asked for whose command failed after it had done its work', async () => {
    const pidFile = join(fake.root, 'pid');
    const custom = customHost({ start: startCommand(), stop: `kill -TERM $(cat '${pidFile}'); exit 5` });
    const broker = await bed.start(custom);
    writeFileSync(pidFile, String(broker.pid));
    const stop = { restart: 'run-1/1.5', process: broker, gateBegan: await custom.clock(), maxGateAgeSeconds: 15 };
    expect(await custom.requestStop(leaseOf(), stop)).toMatchObject({
      changed: true,
      evidence: expect.stringMatching(/^the stop command ended with 5 \(.*\), but process \d+ shuts down$/),
    });
    expect((await custom.lookAtRestart()).record).toMatchObject({ asked: broker });
    expect(await awaitExit(custom, broker, 10_000)).toBe(true);
  });

  it('changes nothing under a process that this restart did not start', async () => {
    await bed.start(host);
    const before = await host.lookAtRestart();
    const error = await failureOf(host.bringUp(leaseOf(), await newRelease('run-1/1.9')));
    expect(error.type).toBe('StartedElsewhere');
    expect(error.message).toContain('and this restart did not start it');
    expect(await host.lookAtRestart()).toEqual(before);
  });

  it('changes nothing under a process that somebody started by hand, not even after its own stop', async () => {
    const byHand = async (): Promise<BrokerProcess | null> => {
      await bed.session.run(startCommand(), { timeoutMs: 10_000 });
      const found = await until('the broker started by hand', () => host.findProcess());
      bed.adopt(found);
      return found;
    };
    const first = await byHand();
    expect((await failureOf(host.bringUp(leaseOf(), await newRelease(restart)))).type).toBe('StartedElsewhere');
    expect(await host.lookAtRestart()).toMatchObject({ process: first, record: null, version: '3.7.2' });
    await bed.endBrokers();

    const ours = await bed.start(host);
    await host.requestStop(leaseOf(), await stopOf(host, ours));
    expect(await awaitExit(host, ours, 10_000)).toBe(true);
    await byHand();
    const before = await host.lookAtRestart();
    expect((await failureOf(host.bringUp(leaseOf(), await newRelease(restart)))).type).toBe('StartedElsewhere');
    expect(await host.lookAtRestart()).toEqual(before);
  });

  it('brings up the planned release with the planned file in one step', async () => {
    const input = await newRelease(restart);
    const { process, changed, evidence } = await host.bringUp(leaseOf(), input);
    bed.adopt(process);
    expect({ changed, process: process !== null }).toEqual({ changed: true, process: true });
    expect(evidence).toContain(`${fake.cluster.paths.config} changed from ${input.properties?.expectedSha256}`);
    expect(readFileSync(fake.cluster.paths.config, 'utf8')).toBe(input.properties?.text);
    expect(await host.lookAtRestart()).toMatchObject({ process, version: '3.8.1' });
  });

  it('I9: does not start with a file that the plan does not know', async () => {
    const before = await host.lookAtRestart();
    const other = { version: '3.8.1', plannedSha256s: ['0'.repeat(64), '1'.repeat(64)] };
    const error = await failureOf(host.bringUp(leaseOf(), await asItIs(host, other)));
    expect(error.type).toBe('ConfigDrift');
    expect(error.message).toContain(before.sha256);
    const properties = { text: 'broker.id=1\n', expectedSha256: '0'.repeat(64) };
    const drift = await failureOf(host.bringUp(leaseOf(), await asItIs(host, { version: '3.8.1', properties })));
    expect(drift.type).toBe('ConfigDrift');
    expect(await host.lookAtRestart()).toEqual(before);
  });

  it('a start command that takes its time is waited for, and not given again', async () => {
    const [given, goOn] = [join(fake.root, 'given'), join(fake.root, 'go on')];
    const start = `echo given >>'${given}'; until [ -e '${goOn}' ]; do sleep 0.05; done; ${startCommand()}`;
    const custom = customHost({ start, stop: 'exit 5' });
    const input = await asItIs(custom);
    const begun = performance.now();
    expect(await custom.bringUp(leaseOf(), input)).toMatchObject({ changed: true, process: null, runsForMs: null });
    expect(performance.now() - begun).toBeLessThan(4_500);
    expect(await custom.lookAtRestart()).toMatchObject({
      process: null,
      starting: true,
      startFailure: null,
      record: { launches: [{ aim: 'planned', version: '3.7.2', started: null }] },
    });
    expect(await custom.bringUp(leaseOf(), input)).toMatchObject({
      changed: false,
      process: null,
      evidence: expect.stringContaining('the start command still works'),
    });
    writeFileSync(goOn, '');
    const found = await until('the broker is there', async () => (await custom.lookAtRestart()).process);
    bed.adopt(found);
    expect(await custom.bringUp(leaseOf(), input)).toMatchObject({ changed: false, process: found });
    expect(readFileSync(given, 'utf8')).toBe('given\n');
  });

  it('tells the time of the process, not of the stop command that waits for it', async () => {
    const pidFile = join(fake.root, 'pid');
    const stop = `pid=$(cat '${pidFile}'); kill -TERM $pid; while kill -0 $pid 2>/dev/null; do sleep 0.02; done; sleep 5`;
    const custom = customHost({ start: startCommand(), stop });
    const broker = await bed.start(custom);
    writeFileSync(pidFile, String(broker.pid));
    const begun = performance.now();
    await custom.requestStop(leaseOf(), await stopOf(custom, broker));
    const { gone, stopMs } = await custom.awaitStop({ process: broker, timeoutMs: 10_000, logDirectories: [] });
    expect(gone).toBe(true);
    // The fake broker takes 0.2 s.
    expect(stopMs).toBeGreaterThanOrEqual(150);
    expect(stopMs).toBeLessThanOrEqual(performance.now() - begun);
    expect(stopMs).toBeLessThan(5_000);
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
    const stop = { restart, process: neighbour, gateBegan, maxGateAgeSeconds: 15 };
    expect((await failureOf(host.requestStop(leaseOf(), stop))).message).toContain('is not the broker of');
    expect(await other.host.findProcess()).toEqual(neighbour);
  });

  it('I5: refuses a stop whose gate is too old, or from another boot', async () => {
    const broker = await bed.start(host);
    const now = await host.clock();
    const old = { ...now, uptimeSeconds: now.uptimeSeconds - 16 };
    const stop = { restart, process: broker, gateBegan: old, maxGateAgeSeconds: 15 };
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
    const stop = { restart, process: reused, gateBegan: await host.clock(), maxGateAgeSeconds: 15 };
    expect((await failureOf(host.requestStop(leaseOf(), stop))).message).toContain('but the broker runs as');
    expect(await awaitExit(host, reused, 5_000)).toBe(true);
    expect(await host.findProcess()).toEqual(broker);
  });

  it('reports a start that fails, with what the script said', async () => {
    writeFileSync(join(fake.cluster.paths.current, 'bin', 'broken'), '');
    const error = await failureOf(host.bringUp(leaseOf(), await asItIs(host)));
    expect(error.type).toBe('StartFailed');
    expect(error.message).toContain('ended with 3: the fake cannot start');
    expect(await host.lookAtRestart()).toMatchObject({
      process: null,
      starting: false,
      startFailure: 'the start command ended with 3: the fake cannot start',
    });
  });

  it('uses configured commands, and does not hold the lock while a stop command takes its time', async () => {
    const pidFile = join(fake.root, 'pid');
    const custom = customHost({ start: startCommand(), stop: `kill -TERM $(cat '${pidFile}'); sleep 4` });
    const broker = await bed.start(custom);
    writeFileSync(pidFile, String(broker.pid));
    const stop = { restart, process: broker, gateBegan: await custom.clock(), maxGateAgeSeconds: 15 };
    expect(await custom.requestStop(leaseOf(), stop)).toMatchObject({
      changed: true,
      evidence: expect.stringContaining('still running'),
    });
    const begun = performance.now();
    await custom.storeLease(leaseOf({ step: 2 }));
    expect(performance.now() - begun).toBeLessThan(1_500);
    expect(await awaitExit(custom, broker, 10_000)).toBe(true);
  });

  it('tells progress while it waits, and can be cancelled', async () => {
    const broker = await bed.start(host);
    const controller = new AbortController();
    const reason = new Error('the activity was cancelled');
    const onProgress = jest.fn(() => controller.abort(reason));
    const wait = { process: broker, timeoutMs: 30_000, logDirectories: [] };
    await expect(host.awaitStop(wait, { onProgress, signal: controller.signal })).rejects.toBe(reason);
    expect(onProgress).toHaveBeenCalledWith(expect.stringContaining(`process ${broker.pid} on ${host.address}`));
  });
});
