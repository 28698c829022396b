/** A process of its own that holds a gauge stream open until it is killed; input: JSON in the first argument. */
import type { ClusterDefinition } from '../../src/config/definition';
import { JmxToolGaugeReader } from '../../src/jmx/jmxtool-stream';
import { SessionPool } from '../../src/ssh/session-pool';
import type { SshTarget } from '../../src/ssh/ssh2-connection';

const input = JSON.parse(process.argv[2] ?? '{}') as {
  target: SshTarget;
  cluster: Pick<ClusterDefinition, 'mode' | 'nodes' | 'paths' | 'service'>;
};
const pool = new SessionPool();
const reader = new JmxToolGaugeReader(input.cluster, () => pool.session(input.target));
reader.open(1);
setInterval(() => undefined, 1_000);
