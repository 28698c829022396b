import { rmSync, writeFileSync } from 'node:fs';
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
