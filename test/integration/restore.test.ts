import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { errorLines } from '../../src/cli/error-lines';
import { buildProgram } from '../../src/cli/program';
import { exitCodeOf, exitCodes } from '../../src/cli/exit-codes';
import type { SshBrokerHost } from '../../src/hosts/ssh-broker-host';
import { planMarkdown } from '../../src/render/plan-markdown';
import { silentTerminal } from '../../src/terminal/silent-terminal';
import { withRestoreDesk } from '../../src/worker/local-restore';
import { leaseOf, type FakeKafkaHost } from '../support/fake-kafka-host';
import { failureOf, HostTestBed } from '../support/host-test-bed';
import { samplePlan, samplePlanHash } from '../support/upgrade-fixture';

jest.setTimeout(60_000);

// The command loads it only when it runs, by the name that it has once compiled; here it is a source.
jest.mock(
  '../../src/worker/local-restore.js',
  () => jest.requireActual<Record<string, unknown>>('../../src/worker/local-restore'),
  { virtual: true },
);

let bed: HostTestBed;
let fake: FakeKafkaHost;
let host: SshBrokerHost;
let definitions: string;

const planned = 'broker.id=1\ninter.broker.protocol.version=3.7\nssl.key.password=secret-1\n';
const edited = 'broker.id=1\ninter.broker.protocol.version=3.8\nssl.key.password=secret-2\n';

const config = (): string => fake.cluster.paths.config;
const file = (): string => readFileSync(config(), 'utf8');
const backups = (): string[] => readdirSync(join(fake.cluster.paths.state, 'backups')).sort();

beforeAll(async () => {
  bed = await HostTestBed.create('127.0.31.7');
});
afterAll(() => bed.stop());

/** A host on which an upgrade has made a backup and ended, and a file that was edited since. */
beforeEach(async () => {
  ({ fake, host } = bed.freshHost());
  writeFileSync(config(), planned);
  await host.backUpProperties(leaseOf({ epoch: 4 }), 'run-1');
  await host.storeLease(leaseOf({ epoch: 4, step: 2, held: false }));
  writeFileSync(config(), edited);
  chmodSync(config(), 0o640);
  const { host: address, port, user, privateKeyFile, knownHostsFile } = bed.target;
  definitions = mkdtempSync(join(tmpdir(), 'definitions-'));
  const definition = {
    cluster: 'orders',
    nodes: [{ id: 1, host: address }],
    ssh: { user, port, privateKeyFile, knownHostsFile },
    paths: { ...fake.cluster.paths, state: dirname(fake.cluster.paths.state) },
  };
  writeFileSync(join(definitions, 'orders.yaml'), stringify(definition));
});
afterEach(() => rmSync(definitions, { recursive: true }));

interface Run {
  exitCode: number;
  out: string;
  err: string;
}

/** Runs a command as `main` does; with an answer there is a person at the terminal. */
const run = async (args: string[], answer?: string): Promise<Run> => {
  const result: Run = { exitCode: exitCodes.ok, out: '', err: '' };
  const terminal = {
    ...silentTerminal,
    out: (text: string) => void (result.out += `${text}\n`),
    err: (text: string) => void (result.err += `${text}\n`),
    interactive: answer !== undefined,
    ask: () => Promise.resolve(answer ?? ''),
  };
  const program = buildProgram({ terminal, finish: (code) => void (result.exitCode = code) });
  try {
    await program.parseAsync([...args, '--definitions', definitions], { from: 'user' });
  } catch (error) {
    result.exitCode = exitCodeOf(error);
    result.err += errorLines(error, false);
  }
  return result;
};

const restore = (args: string[], answer?: string): Promise<Run> =>
  run(['restore', 'orders', '--node', '1', ...args], answer);

describe('restore', () => {
  it('lists the backups, also where server.properties is gone', async () => {
    const { out, exitCode } = await restore([]);
    expect(exitCode).toBe(exitCodes.ok);
    expect(out).toMatch(/UTC +run-1 +[0-9a-f]{16}…/);
    rmSync(config());
    const listed: unknown = JSON.parse((await restore(['--json'])).out);
    expect(listed).toMatchObject({ currentSha256: null, backups: [{ label: 'run-1', intact: true }] });
  });

  it('works as the plan prints it', async () => {
    const plan = samplePlan({ cluster: 'orders', canary: 1 });
    const printed = planMarkdown({ plan, planHash: samplePlanHash }).matchAll(/`kafka-upgrade (restore [^`]+)`/g);
    const [list = '', putBack = '', ...others] = [...printed].map(([, command = '']) => command);
    expect((await run(list.split(' '))).out).toMatch(/UTC +run-1 +[0-9a-f]{16}…/);
    expect((await run(putBack.split(' '), 'y')).exitCode).toBe(exitCodes.ok);
    expect(file()).toBe(planned);
    expect(others).toEqual([]);
  });

  it('shows the difference without secrets, and asks', async () => {
    const no = await restore(['--backup', 'latest'], 'n');
    expect(no.exitCode).toBe(exitCodes.failed);
    expect(no.out).toContain('-inter.broker.protocol.version=3.8\n    +inter.broker.protocol.version=3.7');
    expect(no.out).toContain('cannot go back to old binaries');
    expect(no.out).not.toContain('secret-');
    expect(file()).toBe(edited);
    expect(backups()).toEqual(['run-1']);
    expect((await restore(['--backup', 'latest'], 'y')).exitCode).toBe(exitCodes.ok);
    expect(file()).toBe(planned);
  });

  it('I9: puts it back with the mode kept, backs up what was there, and frees the host with a higher number', async () => {
    const { out, exitCode } = await restore(['--backup', 'run-1', '--yes']);
    expect(exitCode).toBe(exitCodes.ok);
    expect(out).toContain('restart it for the change to take effect');
    expect(file()).toBe(planned);
    expect(statSync(config()).mode & 0o777).toBe(0o640);
    const [own = ''] = backups();
    expect(own).toMatch(/^before-restore-/);
    expect(out).toContain(own);
    expect(await host.readLeases()).toMatchObject({ own: { epoch: 5, held: false } });
    await restore(['--backup', own, '--yes']);
    expect(file()).toBe(edited);
  });

  it('I4: does nothing when the file already has that content', async () => {
    await restore(['--backup', 'latest', '--yes']);
    const again = await restore(['--backup', 'latest', '--yes', '--json']);
    expect(JSON.parse(again.out)).toMatchObject({ changed: false, savedAs: null });
    expect(backups()).toHaveLength(2);
  });

  it('I5: is refused while an upgrade holds the host, which is named with what to do', async () => {
    await host.storeLease(leaseOf({ epoch: 6 }));
    const { err, exitCode } = await restore(['--backup', 'latest', '--yes']);
    expect(exitCode).toBe(exitCodes.failed);
    expect(err.trim().split('\n')).toEqual([
      expect.stringContaining('held by server/default/kafka-upgrade/orders (run run-1, Kafka cluster cluster-A).'),
      expect.stringContaining('kafka-upgrade abort orders'),
    ]);
    expect(err).not.toContain('takeOver');
    expect(file()).toBe(edited);
    expect(await host.readLeases()).toMatchObject({ own: leaseOf({ epoch: 6 }) });
    expect((await restore([])).exitCode).toBe(exitCodes.ok);
  });

  it('I5: is refused when an upgrade begins between the look and the yes', async () => {
    const where = { definitionsDirectory: definitions, cluster: 'orders', nodeId: 1, operator: 'kim@desk' };
    await withRestoreDesk(where, async (desk) => {
      const preview = await desk.preview('run-1');
      await host.storeLease(leaseOf({ epoch: 6 }));
      await expect(desk.restore(preview)).rejects.toMatchObject({ name: 'ClientError', kind: 'refused' });
    });
    expect(file()).toBe(edited);
  });

  it('I9: touches nothing when the file changed since it was shown, and frees the host', async () => {
    const where = { definitionsDirectory: definitions, cluster: 'orders', nodeId: 1, operator: 'kim@desk' };
    await withRestoreDesk(where, async (desk) => {
      const preview = await desk.preview('run-1');
      writeFileSync(config(), 'broker.id=2\n');
      expect((await failureOf(desk.restore(preview))).type).toBe('ConfigDrift');
    });
    expect(file()).toBe('broker.id=2\n');
    expect(await host.readLeases()).toMatchObject({ own: { owner: 'restore/kim@desk', held: false } });
  });

  it('does not put back a backup that was damaged', async () => {
    writeFileSync(join(fake.cluster.paths.state, 'backups', 'run-1', 'server.properties'), 'damaged\n');
    expect((await restore([])).out).toContain('DAMAGED');
    expect((await restore(['--backup', 'latest', '--yes'])).exitCode).toBe(exitCodes.usage);
    expect((await restore(['--backup', 'run-1', '--yes'])).err).toContain('does not have its recorded checksum');
    expect(file()).toBe(edited);
  });

  it('exits 2 at what makes no sense', async () => {
    const runs = await Promise.all([
      restore(['--backup', 'run-9', '--yes']),
      restore(['--backup', 'run-1', '--json']),
      restore(['--backup', 'run-1']),
      restore(['--node', '9']),
    ]);
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([2, 2, 2, 2]);
    expect(runs.map(({ err }) => err)).toEqual([
      expect.stringContaining('There is no backup "run-9"'),
      expect.stringContaining('--json asks nobody'),
      expect.stringContaining('no terminal to ask'),
      expect.stringContaining('has no node 9; it has 1'),
    ]);
    expect(file()).toBe(edited);
  });
});
