import type { UpgradeError } from '../../src/domain/common/failure';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { encodeLease } from '../../src/domain/cluster/lease';
import { runFenced } from '../../src/hosts/fenced-command';
import type { SshBrokerHost } from '../../src/hosts/ssh-broker-host';
import { leaseOf, linkTarget, type FakeKafkaHost } from '../support/fake-kafka-host';
import { asItIs } from '../support/restart-by-hand';
import { failureOf, HostTestBed } from '../support/host-test-bed';

jest.setTimeout(60_000);

let bed: HostTestBed;
let fake: FakeKafkaHost;
let host: SshBrokerHost;

beforeAll(async () => {
  bed = await HostTestBed.create('127.0.31.2');
});
afterAll(() => bed.stop());
beforeEach(() => {
  ({ fake, host } = bed.freshHost());
});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const config = (): string => fake.cluster.paths.config;

describe('looking at a host', () => {
  it('finds everything in one round trip', async () => {
    await host.storeLease(leaseOf({ epoch: 7 }));
    const facts = await host.inspect({ targetVersion: '3.8.1' });
    const text = readFileSync(config(), 'utf8');
    expect(facts).toMatchObject({
      nodeId: 1,
      properties: text,
      propertiesSha256: sha256(text),
      currentRelease: join(fake.root, 'opt', 'kafka_2.13-3.7.2'),
      installedVersion: '3.7.2',
      targetRelease: { directory: join(fake.root, 'opt', 'kafka_2.13-3.8.1'), version: '3.8.1' },
      process: null,
      leases: { own: leaseOf({ epoch: 7 }), others: [] },
    });
    expect(facts.javaVersion).toMatch(/^\d+(\.\d+)*/);
    expect(facts.clockSkewSeconds).toBe(0);
    expect(facts.managers).toEqual([]);
  });

  it('shows what is not there as null', async () => {
    rmSync(fake.cluster.paths.current);
    const facts = await host.inspect({ targetVersion: '3.9.9' });
    expect(facts).toMatchObject({
      currentRelease: null,
      installedVersion: null,
      targetRelease: null,
      leases: { own: null, others: [] },
    });
  });

  it('finds a release at its place, with the version of its jars', async () => {
    const directory = (version: string): string => join(fake.root, 'opt', `kafka_2.13-${version}`);
    expect(await host.findRelease('3.7.2')).toEqual({ directory: directory('3.7.2'), version: '3.7.2' });
    expect(await host.findRelease('3.9.2')).toBeNull();
    mkdirSync(join(directory('3.9.2'), 'libs'), { recursive: true });
    expect(await host.findRelease('3.9.2')).toEqual({ directory: directory('3.9.2'), version: null });
    writeFileSync(join(directory('3.9.2'), 'libs', 'kafka_2.13-3.9.1.jar'), '');
    expect(await host.findRelease('3.9.2')).toEqual({ directory: directory('3.9.2'), version: '3.9.1' });
  });

  it('reports a missing server.properties', async () => {
    rmSync(config());
    expect((await failureOf(host.inspect({ targetVersion: '3.8.1' }))).type).toBe('PropertiesUnreadable');
    expect((await failureOf(host.readProperties())).type).toBe('PropertiesUnreadable');
  });

  it('edits a server.properties with ISO-8859-1 bytes and leaves these bytes as they are', async () => {
    const before = Buffer.from([0x23, 0xe4, 0xff, 0x0a]);
    writeFileSync(config(), before);
    const { text, sha256 } = await host.readProperties();
    await host.replaceProperties(leaseOf(), { text: `${text}a=b\n`, expectedSha256: sha256 });
    expect(readFileSync(config())).toEqual(Buffer.concat([before, Buffer.from('a=b\n')]));
  });

  it('refuses a lease file that it cannot understand', async () => {
    await host.storeLease(leaseOf());
    writeFileSync(join(fake.cluster.paths.state, 'lease'), 'epoch=soon\n');
    expect((await failureOf(host.readLeases())).type).toBe('LeaseUnreadable');
    expect((await failureOf(host.storeLease(leaseOf({ epoch: 9 })))).type).toBe('LeaseUnreadable');
  });

  it('reads the last lines of the log', async () => {
    expect(await host.logTail(2)).toBe('second\nthird\n');
  });

  it('runs a probe as it is and gives its exit code and both outputs', async () => {
    expect(await host.probe(`echo "it's $((40 + 2))"; echo no >&2; exit 4`, 10_000)).toEqual({
      exitCode: 4,
      output: "it's 42\nno",
    });
    expect((await host.probe('if then', 10_000)).exitCode).not.toBe(0);
    expect((await failureOf(host.probe('sleep 30', 300))).type).toBe('CommandTimedOut');
  });
});

describe('the lease', () => {
  it('I5: is stored, read back, and released', async () => {
    expect(await host.storeLease(leaseOf())).toMatchObject({ changed: true });
    expect(await host.storeLease(leaseOf())).toMatchObject({ changed: false });
    expect(await host.readLeases()).toMatchObject({ own: leaseOf() });
    await host.storeLease(leaseOf({ step: 9, held: false }));
    expect(await host.readLeases()).toMatchObject({ own: leaseOf({ step: 9, held: false }) });
  });

  it('I5: an older attempt is refused by the host, before anything changes', async () => {
    await host.storeLease(leaseOf({ epoch: 2 }));
    const late = await asItIs(host, { version: '3.8.1' });
    const zombie = failureOf(host.bringUp(leaseOf({ epoch: 1, step: 99, attempt: 99 }), late));
    expect((await zombie).type).toBe('LeaseStale');
    expect((await zombie).message).toContain('epoch 2, step 1, attempt 1');
    expect(linkTarget(fake.cluster.paths.current)).toMatch(/3\.7\.2$/);
  });

  it('I5: another owner is refused with the name of the holder, and may take over with a greater epoch', async () => {
    await host.storeLease(leaseOf({ epoch: 3 }));
    const other = leaseOf({ owner: 'other/ns/wf', runId: 'run-9', epoch: 4 });
    const error = await failureOf(host.storeLease(other));
    expect(error.type).toBe('LeaseHeld');
    expect(error.message).toContain('server/default/kafka-upgrade/orders, run run-1, epoch 3');
    await host.storeLease(other, {}, { takeOver: true });
    expect(await host.readLeases()).toMatchObject({ own: other });
  });

  describe('of two clusters on one host', () => {
    const namedHost = (name: string): SshBrokerHost => {
      const { paths } = fake.cluster;
      return bed.hostWith({ ...fake.cluster, paths: { ...paths, state: join(dirname(paths.state), name) } });
    };

    it('keeps each in a directory of its own: neither is in the way of the other', async () => {
      const billing = namedHost('billing');
      const theirs = leaseOf({ clusterId: 'cluster-B', owner: 'server/default/kafka-upgrade/billing', epoch: 9 });
      await host.storeLease(leaseOf({ epoch: 3 }));
      await billing.storeLease(theirs);
      await host.backUpProperties(leaseOf({ epoch: 3, step: 2 }), 'run-1');
      expect(await host.readLeases()).toEqual({
        own: leaseOf({ epoch: 3, step: 2 }),
        others: [{ name: 'billing', lease: theirs }],
      });
    });

    it('I5: refuses one Kafka cluster under two names, by any change but a release', async () => {
      const alias = namedHost('alias');
      const theirs = leaseOf({ owner: 'server/default/kafka-upgrade/alias', epoch: 9 });
      await alias.storeLease(theirs);
      for (const takeOver of [false, true]) {
        const error = await failureOf(host.storeLease(leaseOf(), {}, { takeOver }));
        expect(error.type).toBe('OtherNameLease');
        expect(error.message).toContain('kafka-upgrade/alias, run run-1, epoch 9');
        expect(error.message).toContain('kafka-upgrade/alias/lease; we are server/default/kafka-upgrade/orders');
      }
      await host.storeLease(leaseOf({ held: false }));
      await alias.storeLease({ ...theirs, step: 2, held: false });
      expect(await host.storeLease(leaseOf({ step: 2 }))).toMatchObject({ changed: true });
    });

    it('I5: of two claims at the same moment neither gets to a change', async () => {
      const alias = namedHost('alias');
      await host.storeLease(leaseOf());
      // As if the other claim had looked before ours was stored.
      const file = join(dirname(fake.cluster.paths.state), 'alias', 'lease');
      mkdirSync(dirname(file));
      writeFileSync(file, encodeLease(leaseOf({ owner: 'server/default/kafka-upgrade/alias' })));
      const both = [
        host.backUpProperties(leaseOf({ step: 2 }), 'run-1'),
        alias.backUpProperties(leaseOf({ owner: 'server/default/kafka-upgrade/alias', step: 2 }), 'run-1'),
      ];
      expect((await Promise.all(both.map(failureOf))).map(({ type }) => type)).toEqual([
        'OtherNameLease',
        'OtherNameLease',
      ]);
      expect(existsSync(join(fake.cluster.paths.state, 'backups'))).toBe(false);
    });

    it('takes no notice of what is no lease', async () => {
      const file = join(dirname(fake.cluster.paths.state), 'notes', 'lease');
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, 'epoch=soon\n');
      expect(await host.storeLease(leaseOf())).toMatchObject({ changed: true });
      expect(await host.readLeases()).toEqual({ own: leaseOf(), others: [] });
    });
  });

  it('I5: concurrent fenced commands run one after the other', async () => {
    const trace = join(fake.root, 'trace');
    const command = { statePath: fake.cluster.paths.state, lease: leaseOf(), timeoutMs: 20_000, description: 'a test' };
    const body = `printf 'begin ' >>'${trace}'; sleep 0.2; printf 'end ' >>'${trace}'`;
    const session = bed.session;
    await Promise.all([1, 2, 3].map(() => runFenced(session, { ...command, body })));
    expect(readFileSync(trace, 'utf8')).toBe('begin end begin end begin end ');
  });

  it('keeps its directory to the SSH user alone', async () => {
    await host.storeLease(leaseOf());
    expect(statSync(fake.cluster.paths.state).mode & 0o777).toBe(0o700);
  });
});

describe('server.properties', () => {
  const text = 'broker.id=1\r\ninter.broker.protocol.version=3.7\n# ümlaut \'q\' "d" $(x) `y`\nlast';

  it('is replaced with owner and mode kept, and a second time is already done', async () => {
    chmodSync(config(), 0o440);
    const change = { text, expectedSha256: sha256(readFileSync(config(), 'utf8')) };
    expect(await host.replaceProperties(leaseOf(), change)).toMatchObject({ changed: true });
    expect(readFileSync(config(), 'latin1')).toBe(text);
    expect(statSync(config()).mode & 0o777).toBe(0o440);
    expect(await host.replaceProperties(leaseOf(), change)).toMatchObject({ changed: false });
    expect(readdirSync(join(fake.root, 'etc'))).toEqual(['server.properties']);
  });

  it('I9: a file that somebody changed stops the step, with both checksums', async () => {
    const before = readFileSync(config(), 'utf8');
    const error = await failureOf(host.replaceProperties(leaseOf(), { text, expectedSha256: sha256('the plan') }));
    expect(error.type).toBe('ConfigDrift');
    expect(error.message).toContain(sha256(before));
    expect(error.message).toContain(sha256('the plan'));
    expect(readFileSync(config(), 'utf8')).toBe(before);
  });

  it('stays a link when it is one', async () => {
    const real = join(fake.root, 'data', 'real.properties');
    writeFileSync(real, 'a=1\n');
    rmSync(config());
    symlinkSync(real, config());
    await host.replaceProperties(leaseOf(), { text, expectedSha256: sha256('a=1\n') });
    expect(linkTarget(config())).toBe(real);
    expect(readFileSync(real, 'latin1')).toBe(text);
  });

  it('I4: killed anywhere, the file is the old or the new one, and running it again completes it', async () => {
    const before = `${'# filler\n'.repeat(30_000)}old=1\n`;
    const after = `${'# filler\n'.repeat(30_000)}new=1\n`;
    const session = bed.session;
    for (let round = 0; round < 8; round += 1) {
      writeFileSync(config(), before);
      const lease = leaseOf({ step: round + 1 });
      const change = host.replaceProperties(lease, { text: after, expectedSha256: sha256(before) });
      const outcome = change.catch((error: unknown) => error);
      // All other commands of this connection are children of the same sshd process.
      const others = 'for pid in $(pgrep -P $PPID); do [ $pid = $$ ] || kill -KILL $pid; done';
      await session.run(`sleep 0.0${round}; ${others}`, { timeoutMs: 10_000 });
      await outcome;
      expect([before, after]).toContain(readFileSync(config(), 'utf8'));
      await host.replaceProperties(lease, { text: after, expectedSha256: sha256(before) });
      expect(readFileSync(config(), 'utf8')).toBe(after);
    }
    expect(readdirSync(join(fake.root, 'etc'))).toEqual(['server.properties']);
  });

  it('is backed up once; the first backup is kept, and a damaged one is refused', async () => {
    const before = readFileSync(config(), 'utf8');
    const first = await host.backUpProperties(leaseOf(), 'plan-12ab');
    expect(first).toMatchObject({ changed: true, sha256: sha256(before), source: config() });
    expect(readFileSync(first.path, 'utf8')).toBe(before);
    writeFileSync(config(), 'changed=1\n');
    expect(await host.backUpProperties(leaseOf(), 'plan-12ab')).toEqual({ ...first, changed: false });
    expect(readFileSync(first.path, 'utf8')).toBe(before);
    writeFileSync(first.path, 'damaged');
    expect((await failureOf(host.backUpProperties(leaseOf(), 'plan-12ab'))).type).toBe('ChecksumMismatch');
  });
});

describe('the release link', () => {
  /** What a start with this release is refused for. The start itself is broken: it is not what is looked at here. */
  const refusal = async (version: string, restart = `run-1/${version}`): Promise<UpgradeError> =>
    failureOf(host.bringUp(leaseOf(), await asItIs(host, { version, restart })));

  beforeEach(() => {
    for (const version of ['3.7.2', '3.8.1'])
      writeFileSync(join(fake.root, 'opt', `kafka_2.13-${version}`, 'bin', 'broken'), '');
  });

  it('is switched and switched back; a repetition changes nothing', async () => {
    const { current } = fake.cluster.paths;
    expect((await refusal('3.8.1')).type).toBe('StartFailed');
    expect(linkTarget(current)).toBe(join(fake.root, 'opt', 'kafka_2.13-3.8.1'));
    const { ino, ctimeMs } = lstatSync(current);
    expect((await refusal('3.8.1')).type).toBe('StartFailed');
    expect(lstatSync(current)).toMatchObject({ ino, ctimeMs });
    expect((await refusal('3.7.2')).type).toBe('StartFailed');
    expect(linkTarget(current)).toBe(join(fake.root, 'opt', 'kafka_2.13-3.7.2'));
    expect(readdirSync(join(fake.root, 'opt'))).toEqual(['kafka', 'kafka_2.13-3.7.2', 'kafka_2.13-3.8.1']);
  });

  it('is not pointed at a release that is missing or is another one', async () => {
    expect((await refusal('3.9.9')).type).toBe('ReleaseMissing');
    mkdirSync(join(fake.root, 'opt', 'kafka_2.13-3.9.2', 'libs'), { recursive: true });
    expect((await refusal('3.9.2')).type).toBe('ReleaseMissing');
    writeFileSync(join(fake.root, 'opt', 'kafka_2.13-3.9.2', 'libs', 'kafka_2.13-3.9.1.jar'), '');
    expect((await refusal('3.9.2')).message).toContain('holds Kafka 3.9.1, not 3.9.2');
  });

  it('says that it is the link which cannot be replaced', async () => {
    mkdirSync(join(fake.root, 'opt', '.kafka.kafka-upgrade', 'in the way'), { recursive: true });
    const error = await refusal('3.8.1');
    expect(error.type).toBe('LinkNotReplaceable');
    expect(error.message).toContain(`the link ${fake.cluster.paths.current} could not be replaced`);
    expect(linkTarget(fake.cluster.paths.current)).toMatch(/3\.7\.2$/);
  });

  it('never replaces a directory', async () => {
    rmSync(fake.cluster.paths.current);
    mkdirSync(fake.cluster.paths.current);
    expect((await refusal('3.8.1')).type).toBe('InvalidDefinition');
  });
});
