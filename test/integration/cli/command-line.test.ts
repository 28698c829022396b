import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../../support/run-cli';

const nobody = ['--address', '127.0.0.1:1'];

describe('the command line', () => {
  let definitions: string;

  beforeAll(() => {
    definitions = mkdtempSync(join(tmpdir(), 'kafka-upgrade-definitions-'));
    writeFileSync(join(definitions, 'broken.yaml'), 'cluster: broken\nmode: zookeeper\nnodes: 7\n');
  });

  afterAll(() => rmSync(definitions, { recursive: true }));

  it('explains itself, with examples and exit codes', async () => {
    const { exitCode, stdout } = await runCli(['--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Examples:');
    expect(stdout).toContain('4  the upgrade waits for a person');
  });

  it.each([
    ['an unknown command', ['upgrade'], "unknown command 'upgrade'"],
    ['a missing cluster', ['status'], "missing required argument 'cluster'"],
    ['an unknown option', ['status', 'orders', '--wacth'], "unknown option '--wacth'"],
    ['a canary that is no node id', ['start', 'orders', '3.8.1', '--canary', 'two'], 'It must be a node id'],
    [
      'a feature without a level',
      ['start', 'orders', '4.3.0', '--feature', 'share.version'],
      'It must be a feature and',
    ],
    [
      'a feature for a plan that is made',
      ['plan', 'orders', '--feature', 'share.version=off'],
      '--feature needs a target',
    ],
    ['options that contradict each other', ['status', 'orders', '--json', '--watch'], 'cannot be used with'],
  ])('exits 2 at %s and points to the help', async (_case, args, words) => {
    const { exitCode, stderr } = await runCli(args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(words);
  });

  it('exits 3 when Temporal does not answer, and says where it looked', async () => {
    const commands = [
      ['status', 'orders'],
      ['start', 'orders', '3.8.1'],
      ['abort', 'orders'],
    ];
    const runs = await Promise.all(commands.map((command) => runCli([...command, ...nobody])));
    for (const { exitCode, stderr } of runs) {
      expect(exitCode).toBe(3);
      expect(stderr).toContain('Temporal does not answer at 127.0.0.1:1.');
      expect(stderr).toContain('TEMPORAL_ADDRESS');
      expect(stderr).not.toContain('    at ');
    }
  });

  it('shows the stack of an error only with --debug', async () => {
    const { stderr } = await runCli(['status', 'orders', ...nobody, '--debug']);
    expect(stderr).toContain('    at ');
  });

  it('takes the address from the environment', async () => {
    const { exitCode, stderr } = await runCli(['status', 'orders'], { TEMPORAL_ADDRESS: '127.0.0.1:2' });
    expect(exitCode).toBe(3);
    expect(stderr).toContain('127.0.0.1:2');
  });

  it('exits 2 at a cluster that no definition names', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'kafka-upgrade-definitions-'));
    const { exitCode, stderr } = await runCli(['plan', 'orders', '3.8.1', '--definitions', empty]);
    rmSync(empty, { recursive: true });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('orders');
  });

  it('exits 2 at a definition that cannot be used, and names file and line', async () => {
    const { exitCode, stderr } = await runCli(['plan', 'broken', '3.8.1', '--definitions', definitions]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/broken\.yaml:\d+/);
  });

  it('exits 1 when there is no lab to look at', async () => {
    const { exitCode, stderr } = await runCli(['lab', 'status', '--directory', definitions]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('There is no lab in');
  });
});
