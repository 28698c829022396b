import fc from 'fast-check';
import { stringify } from 'yaml';
import { parseDefinition } from '../../src/config/parse-definition';
import type { WrittenSettings } from '../../src/domain/policy/definition-settings';

const written = (text: string): WrittenSettings => parseDefinition(text, 'orders.yaml').written;

const base = {
  cluster: 'orders',
  mode: 'kraft',
  nodes: [
    { id: 1, host: 'k1', roles: ['broker', 'controller'] },
    { id: 2, host: 'k2', kafka: 'k2:9094', roles: ['broker'] },
  ],
  ssh: { user: 'kafka' },
  paths: { config: '/etc/s.properties', current: '/opt/kafka', releases: '/opt/k-{version}' },
  service: { type: 'scripts', environment: { JMX_PORT: 9999, KAFKA_HEAP_OPTS: '-Xmx1g' } },
  policy: {
    soakSeconds: 30,
    consumerLag: { ignoredGroups: ['a', 'b'] },
    approvals: { remindEveryHours: null, gates: { plan: { quorum: 2 } } },
    maintenance: { windows: [{ from: '22:00', to: '04:00', timeZone: 'Europe/Berlin' }] },
  },
};

/** The same settings with every block's keys in another order. */
const shuffled = (value: unknown, order: readonly number[]): unknown => {
  if (Array.isArray(value)) return value.map((entry) => shuffled(entry, order));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner], index) => ({
    key,
    inner: shuffled(inner, order),
    rank: order[index % order.length] ?? 0,
  }));
  return Object.fromEntries(entries.sort((a, b) => a.rank - b.rank).map(({ key, inner }) => [key, inner]));
};

describe('what is written in a definition', () => {
  it('is every setting by its path, without a default', () => {
    expect(written(stringify(base))).toEqual({
      cluster: 'orders',
      mode: 'kraft',
      'nodes[id=1].host': 'k1',
      'nodes[id=1].id': '1',
      'nodes[id=1].roles': '["broker","controller"]',
      'nodes[id=2].host': 'k2',
      'nodes[id=2].id': '2',
      'nodes[id=2].kafka': 'k2:9094',
      'nodes[id=2].roles': '["broker"]',
      'paths.config': '/etc/s.properties',
      'paths.current': '/opt/kafka',
      'paths.releases': '/opt/k-{version}',
      'policy.approvals.gates.plan.quorum': '2',
      'policy.approvals.remindEveryHours': 'null',
      'policy.consumerLag.ignoredGroups': '["a","b"]',
      'policy.maintenance.windows': '[{"from":"22:00","timeZone":"Europe/Berlin","to":"04:00"}]',
      'policy.soakSeconds': '30',
      'service.environment.JMX_PORT': '9999',
      'service.environment.KAFKA_HEAP_OPTS': '-Xmx1g',
      'service.type': 'scripts',
      'ssh.user': 'kafka',
    });
  });

  it('does not depend on the order of keys and nodes, nor on how it is laid out', () => {
    const expected = Object.entries(written(stringify(base)));
    fc.assert(
      fc.property(
        fc.array(fc.nat(), { minLength: 7, maxLength: 7 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 6 }),
        fc.boolean(),
        (order, reversed, indent, json) => {
          const nodes = reversed ? base.nodes.toReversed() : base.nodes;
          const other = shuffled({ ...base, nodes }, order);
          const text = json
            ? JSON.stringify(other, null, indent)
            : stringify(other, { indent, defaultStringType: 'QUOTE_DOUBLE' });
          // The very entries in the very order: the hash is made of them.
          expect(Object.entries(written(text))).toEqual(expected);
        },
      ),
    );
  });

  const text = stringify(base);
  it.each<[string, string]>([
    ['a comment', `# by kim\n${text.replace('soakSeconds: 30', 'soakSeconds: 30 # half a minute')}`],
    ['blank lines', text.replaceAll('\n', '\n\n')],
    ['a number in quotes where both may stand', text.replace('JMX_PORT: 9999', "JMX_PORT: '9999'")],
    ['a number written otherwise', text.replace('soakSeconds: 30', 'soakSeconds: 3.0e+1')],
    ['an anchor', text.replace('host: k1', 'host: &first k1').replace('cluster: orders', 'cluster: "orders"')],
    ['a block without a setting', `${text}disasterRecovery: {}\n`],
    ['the key', text.replace('user: kafka', 'user: kafka\n  privateKeyFile: ~/.ssh/mine')],
    ['the known hosts', text.replace('user: kafka', 'user: kafka\n  knownHostsFile: ./known_hosts')],
    [
      'who is told, with the file of a secret',
      `${text}notifications: [{ name: chat, type: webhook, urlFile: ./hook }]\n`,
    ],
    [
      'what is silenced',
      `${text}alertSilence: { alertmanager: 'http://am:9093', matchers: [{ name: cluster, value: orders }] }\n`,
    ],
  ])('is not changed by %s', (_what, changed) => {
    expect(changed).not.toBe(text);
    expect(written(changed)).toEqual(written(text));
  });

  it.each<[string, string]>([
    ['a setting', text.replace('soakSeconds: 30', 'soakSeconds: 10')],
    ['a default that is written', text.replace('user: kafka', 'user: kafka\n  port: 22')],
    ['the host of a node', text.replace('host: k2', 'host: k3')],
    ['the order of a list', text.replace('- a\n      - b', '- b\n      - a')],
    ['the user', text.replace('user: kafka', 'user: root')],
  ])('is changed by %s', (_what, changed) => {
    expect(changed).not.toBe(text);
    expect(written(changed)).not.toEqual(written(text));
  });
});
