import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { WarmClusterDirectory } from '../../src/worker/cluster-directory';
import { useTemporaryDirectory } from '../support/temporary-directory';

// Nothing listens on port 1: connections are refused at once.
const definition = (soakSeconds: number): string => `cluster: orders
nodes: [{ id: 1, host: 127.0.0.1, kafka: '127.0.0.1:1' }]
ssh: { user: kafka }
paths: { config: /etc/s.properties, current: /opt/kafka, releases: '/opt/k-{version}' }
policy: { soakSeconds: ${soakSeconds} }
`;

const directory = useTemporaryDirectory();
const write = (soakSeconds: number): void => {
  writeFileSync(join(directory(), 'orders.yaml'), definition(soakSeconds));
};

let clusters: WarmClusterDirectory;
beforeEach(() => {
  write(1);
  clusters = new WarmClusterDirectory(directory());
});
afterEach(() => clusters.close());

describe('WarmClusterDirectory', () => {
  it('opens the definition as it is now, and an unchanged one once', async () => {
    const first = await clusters.open('orders');
    expect(await clusters.open('orders')).toBe(first);
    write(2);
    const second = await clusters.open('orders');
    expect(second.definition.policy.soakMs).toBe(2_000);
    expect(second.definitionSha256).not.toBe(first.definitionSha256);
  });

  it('gives the definition that is wanted, whatever became of its file, with connections that are still open', async () => {
    const planned = await clusters.open('orders');
    write(2);
    await clusters.open('orders');
    expect(await clusters.open('orders', planned.definitionSha256)).toBe(planned);
    rmSync(directory(), { recursive: true });
    await expect(clusters.open('orders')).rejects.toMatchObject({ type: 'InvalidDefinition' });
    expect(await clusters.open('orders', planned.definitionSha256)).toBe(planned);
    await expect(planned.lag.freshSample(0)).resolves.toBeUndefined();
  });

  it('gives the definition as it is now where the wanted one was never opened', async () => {
    const { definitionSha256 } = await clusters.open('orders');
    write(2);
    const other = new WarmClusterDirectory(directory());
    expect((await other.open('orders', definitionSha256)).definition.policy.soakMs).toBe(2_000);
    await other.close();
  });
});

describe('what a plan is bound to', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  /** The hash on a worker with a home and a directory of its own. */
  const onWorker = async (name: string, text: string): Promise<string> => {
    const place = join(directory(), name);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'orders.yaml'), text);
    jest.spyOn(os, 'homedir').mockReturnValue(place);
    const worker = new WarmClusterDirectory(place);
    const { definition, definitionSha256 } = await worker.open('orders');
    expect(definition.ssh.knownHostsFile).toContain(place);
    await worker.close();
    return definitionSha256;
  };

  it('is the same on workers with different homes, directories and keys', async () => {
    const keys = (path: string): string =>
      definition(1).replace('user: kafka', `user: kafka, privateKeyFile: ${path}, knownHostsFile: known_hosts`);
    const first = await onWorker('a', definition(1));
    expect(await onWorker('b', definition(1))).toBe(first);
    expect(await onWorker('a', keys('~/.ssh/one'))).toBe(first);
    expect(await onWorker('b', keys('/run/keys/other'))).toBe(first);
    expect(await onWorker('b', definition(2))).not.toBe(first);
  });

  it('is the same by a version of the product with other defaults and new settings', async () => {
    const { definitionSha256, definition: ours } = await clusters.open('orders');
    await jest.isolateModulesAsync(async () => {
      const actual = jest.requireActual<typeof import('../../src/domain/policy/policy')>(
        '../../src/domain/policy/policy',
      );
      const defaultPolicy = { ...actual.defaultPolicy, healthyDeadlineMs: 99_000, newInThisVersion: true };
      jest.doMock('../../src/domain/policy/policy', () => ({ ...actual, defaultPolicy }));
      const { WarmClusterDirectory: Newer } = jest.requireActual<typeof import('../../src/worker/cluster-directory')>(
        '../../src/worker/cluster-directory',
      );
      const newer = new Newer(directory());
      const opened = await newer.open('orders');
      expect(opened.definition.policy.healthyDeadlineMs).toBe(99_000);
      expect(ours.policy.healthyDeadlineMs).not.toBe(99_000);
      expect(opened.definitionSha256).toBe(definitionSha256);
      await newer.close();
    });
    jest.dontMock('../../src/domain/policy/policy');
  });

  it('does not share connections where only the paths of the worker were changed, and gives the newest', async () => {
    const before = await clusters.open('orders');
    writeFileSync(
      join(directory(), 'orders.yaml'),
      definition(1).replace('user: kafka', 'user: kafka, knownHostsFile: k'),
    );
    const after = await clusters.open('orders');
    expect(after).not.toBe(before);
    expect(after.definitionSha256).toBe(before.definitionSha256);
    expect(await clusters.open('orders', before.definitionSha256)).toBe(after);
    write(1);
    expect(await clusters.open('orders')).toBe(before);
    expect(await clusters.open('orders', before.definitionSha256)).toBe(before);
  });
});
