import fc from 'fast-check';
import { makePlan } from '../../../src/domain/plan/make-plan';
import { readProperties, editProperties } from '../../../src/domain/settings/server-properties';
import { blockers, shortHash } from '../../../src/domain/plan/upgrade-plan';
import type { NodeStep, UpgradePlan } from '../../../src/domain/plan/upgrade-plan';
import { partitionOf, quorumOf, viewOf } from '../../support/healthy-measurement';
import {
  hostFacts,
  kraftSnapshot,
  readableSha256,
  request,
  runningBroker,
  setting,
  snapshot,
  withNode,
} from '../../support/snapshot';

const plan = (given = snapshot(), asked: Partial<typeof request> | { canary: number } = {}): UpgradePlan =>
  makePlan(given, { ...request, ...asked }, readableSha256);

const stepOf = (made: UpgradePlan, phase: 'binaries' | 'protocol', nodeId: number): NodeStep => {
  const step = made.steps[phase].find((candidate) => candidate.nodeId === nodeId);
  if (step === undefined) throw new Error('every node has a step in every phase');
  return step;
};

const key = 'inter.broker.protocol.version';

describe('a plan', () => {
  it('goes from what runs to the target, pins CURRENT first and raises to NEW afterwards', () => {
    const made = plan();
    expect(made).toMatchObject({
      cluster: 'orders-prod',
      clusterId: 'cluster-A',
      fromVersion: '3.7.2',
      toVersion: '3.8.1',
      fromProtocol: '3.7',
      toProtocol: '3.8',
      canary: 3,
      canaryNamed: false,
      mustAccept: [],
    });
    for (const nodeId of [1, 2, 3]) {
      expect(stepOf(made, 'binaries', nodeId)).toMatchObject({
        needed: true,
        fromVersion: '3.7.2',
        toVersion: '3.8.1',
        protocol: '3.7',
        edit: { changes: [{ key, value: '3.7' }] },
      });
      expect(stepOf(made, 'protocol', nodeId)).toMatchObject({
        needed: true,
        fromVersion: '3.8.1',
        toVersion: '3.8.1',
        protocol: '3.8',
        edit: { changes: [{ key, value: '3.8' }] },
      });
    }
  });

  it("holds what people want to foresee: the active controller, paths, an operator's own commands", () => {
    const { config, current, releases, state } = snapshot().paths;
    expect(plan().outlook).toEqual({ controllerId: 1, paths: { config, current, releases, state }, commands: null });
    const serviceCommands = { start: 'systemctl start kafka', stop: 'systemctl stop kafka' };
    expect(plan(snapshot({ serviceCommands })).outlook?.commands).toEqual(serviceCommands);
  });

  it('shows every node with its addresses, leaders and log directories', () => {
    expect(plan().nodes[1]).toEqual({
      nodeId: 2,
      roles: ['broker'],
      address: 'kafka@10.0.0.2:22',
      kafka: '10.0.0.2:9092',
      version: '3.7.2',
      protocol: '3.7',
      logDirectories: ['/data/a', '/data/b'],
      leaders: 1,
    });
  });

  it('takes log.dir where log.dirs is not set, and nothing where neither is', () => {
    const running = runningBroker();
    const single = {
      ...running,
      config: { ...running.config, 'log.dirs': setting(null), 'log.dir': setting('/data') },
    };
    expect(plan(withNode(1, { running: single })).nodes[0]?.logDirectories).toEqual(['/data']);
    const none = { ...running, config: { [key]: setting('3.7') } };
    expect(plan(withNode(1, { running: none })).nodes[0]?.logDirectories).toEqual([]);
  });

  it('shows the edit as a diff without secrets', () => {
    const properties = 'broker.id=1\nzookeeper.connect=zk\nssl.key.password=hunter2\n';
    const { edit } = stepOf(plan(withNode(1, { host: { properties } })), 'binaries', 1);
    expect(edit.diff).toContain('+inter.broker.protocol.version=3.7');
    expect(edit.diff).not.toContain('hunter2');
    expect(edit.fromSha256).toBe(readableSha256(properties));
  });

  it('is made of edits that fit together: the second starts from the content that the first leaves', () => {
    const made = plan();
    for (const nodeId of [1, 2, 3]) {
      expect(stepOf(made, 'protocol', nodeId).edit.fromSha256).toBe(stepOf(made, 'binaries', nodeId).edit.toSha256);
    }
  });

  it('keeps a pin that already means CURRENT, however it is written', () => {
    for (const written of ['3.7', '3.7-IV4', '3.7.2']) {
      const properties = `broker.id=1\nzookeeper.connect=zk\n${key}=${written}\n`;
      expect(stepOf(plan(withNode(1, { host: { properties } })), 'binaries', 1).edit.changes).toEqual([]);
    }
  });

  it('pins the level that runs, not the one that somebody already wrote into the file', () => {
    const properties = `broker.id=1\nzookeeper.connect=zk\n${key}=3.8\n`;
    expect(stepOf(plan(withNode(1, { host: { properties } })), 'binaries', 1).edit.changes).toEqual([
      { key, value: '3.7' },
    ]);
  });

  it('I2: CURRENT is the lowest level that runs, never the version of the binary', () => {
    const made = plan(withNode(2, { running: runningBroker({ protocol: '3.6-IV2' }) }));
    expect(made.fromProtocol).toBe('3.6');
    expect(made.steps.protocol.every(({ needed }) => needed)).toBe(true);
  });

  it('fails where a level cannot be read: nothing can be pinned to the unknown', () => {
    for (const protocol of [null, '4.0-IV3', 'nonsense']) {
      expect(() => plan(withNode(2, { running: runningBroker({ protocol }) }))).toThrow(/Broker 2 reports/);
    }
  });
});

describe('what goes outside of the upgrade', () => {
  it('is in the plan by name, where there is something of it', () => {
    const notifications = [{ name: 'chat', on: ['parked' as const] }];
    expect(plan(snapshot({ notifications, silencesAlerts: true }))).toMatchObject({
      notifications,
      silencesAlerts: true,
    });
  });

  it('leaves no trace in plans without, which keep their hashes', () => {
    expect(Object.keys(plan())).not.toEqual(expect.arrayContaining(['notifications']));
    expect(Object.keys(plan())).not.toEqual(expect.arrayContaining(['silencesAlerts']));
  });
});

describe('a half-done upgrade', () => {
  const upgraded = runningBroker({ version: '3.8.1', protocol: '3.7-IV4' });

  it('passes over nodes that already run the target', () => {
    const made = plan(withNode(3, { running: upgraded }));
    expect(made.steps.binaries.map(({ needed }) => needed)).toEqual([true, true, false]);
    expect(made.steps.protocol.map(({ needed }) => needed)).toEqual([true, true, true]);
    expect(made.fromVersion).toBe('3.7.2');
  });

  it('leaves a node that already speaks NEW where it is', () => {
    const made = plan(withNode(3, { running: runningBroker({ version: '3.8.1', protocol: '3.8-IV0' }) }));
    expect(made.fromProtocol).toBe('3.7');
    expect(stepOf(made, 'binaries', 3)).toMatchObject({ protocol: '3.8', edit: { changes: [{ key, value: '3.8' }] } });
    expect(stepOf(made, 'protocol', 3).needed).toBe(false);
  });

  it('foresees no other file for a node that it does not restart', () => {
    const properties = `broker.id=3\nzookeeper.connect=zk\n${key}=3.8\nlog.message.format.version=3.0\n`;
    const running = runningBroker({ version: '3.8.1', protocol: '3.8-IV0' });
    const step = stepOf(plan(withNode(3, { running, host: { properties } })), 'protocol', 3);
    expect(step).toMatchObject({ needed: false, edit: { changes: [], toSha256: readableSha256(properties) } });
  });

  it('restarts nobody for the binaries when only the protocol is left', () => {
    const ids = [1, 2, 3];
    const made = plan(snapshot({ running: Object.fromEntries(ids.map((id) => [id, upgraded])) }));
    expect(made.steps.binaries.some(({ needed }) => needed)).toBe(false);
    expect(blockers(made)).toEqual([]);
  });
});

describe('log.message.format.version', () => {
  const format = 'log.message.format.version';
  const pinned = (properties: string, protocol: string, version: string) =>
    withNode(1, {
      running: runningBroker({ protocol, version }),
      host: { properties: `broker.id=1\nzookeeper.connect=zk\n${properties}` },
    });

  it('goes with the new protocol from 3.0 on, since it is ignored there', () => {
    const step = stepOf(plan(pinned(`${format}=2.8\n`, '3.7-IV4', '3.7.2')), 'protocol', 1);
    expect(step.edit.changes).toContainEqual({ key: format, value: null });
  });

  it('is pinned beside a protocol below 3.0, and kept where it is set', () => {
    const old = stepOf(plan(pinned('', '2.8-IV1', '2.8.2')), 'binaries', 1);
    expect(old.edit.changes).toEqual([
      { key, value: '2.8' },
      { key: format, value: '2.8' },
    ]);
    const set = stepOf(plan(pinned(`${format}=2.5\n`, '2.8-IV1', '2.8.2')), 'binaries', 1);
    expect(set.edit.changes).toEqual([{ key, value: '2.8' }]);
  });
});

describe('the canary', () => {
  it('is the one that was asked for', () => {
    expect(plan(snapshot(), { canary: 1 })).toMatchObject({ canary: 1, canaryNamed: true });
  });

  it('must be a broker of the cluster', () => {
    expect(() => plan(snapshot(), { canary: 9 })).toThrow('Canary 9 is not one of the brokers that go first: 1, 2, 3');
  });

  it('is not the active controller, and leads the fewest partitions', () => {
    const partitions = [partitionOf('orders', [2, 3, 1]), partitionOf('orders', [2, 3, 1], 1)];
    const views = [1, 2, 3].map((id) => viewOf(id, [1, 2, 3], partitions));
    expect(plan(snapshot({ views })).canary).toBe(3);
  });
});

describe('a plan in words', () => {
  it('names topics that no roll can protect, once', () => {
    const partitions = [partitionOf('audit', [2]), partitionOf('audit', [3], 1), partitionOf('orders', [1, 2, 3])];
    const views = [1, 2, 3].map((id) => viewOf(id, [1, 2, 3], partitions));
    const made = plan(snapshot({ views, minInsyncReplicas: { orders: 2, audit: 1 } }));
    expect(made.mustAccept).toEqual(['audit']);
    expect(made.findings.find(({ severity }) => severity === 'needs-acceptance')?.seen).toContain('audit');
  });

  it('treats a topic whose minimum nobody tells as one that cannot be protected', () => {
    expect(plan(snapshot({ minInsyncReplicas: {} })).mustAccept).toEqual(['orders']);
  });

  it('has its blockers first', () => {
    const made = plan(withNode(1, { host: { targetRelease: null } }));
    expect(made.findings[0]).toMatchObject({ severity: 'blocker', failure: 'ReleaseMissing' });
    expect(blockers(made)).toHaveLength(1);
    const order = ['blocker', 'needs-acceptance', 'warning', 'note'];
    const severities = made.findings.map(({ severity }) => order.indexOf(severity));
    expect(severities).toEqual([...severities].sort());
  });

  it('has a hash whose first eight digits people type', () => {
    expect(shortHash('0123456789abcdef')).toBe('01234567');
  });
});

it('refuses a target that is no release', () => {
  expect(() => plan(snapshot(), { target: '3.8' })).toThrow(
    expect.objectContaining({ type: 'InvalidRequest' }) as Error,
  );
});

it('I2: whatever runs and whatever the files say, the first edit never speaks beyond what runs', () => {
  const levels = ['3.6', '3.7', '3.8'] as const;
  const files = ['', ...levels.map((level) => `${key}=${level}\n`)];
  const anyNode = fc.record({
    protocol: fc.constantFrom('3.6-IV2', '3.7-IV4', '3.8-IV0'),
    version: fc.constantFrom('3.7.2', '3.8.1'),
    file: fc.constantFrom(...files),
  });
  fc.assert(
    fc.property(fc.array(anyNode, { minLength: 3, maxLength: 3 }), (nodes) => {
      const given = snapshot({
        hosts: nodes.map(({ file }, index) =>
          hostFacts(index + 1, { properties: `broker.id=${index + 1}\nzookeeper.connect=zk\n${file}` }),
        ),
        running: Object.fromEntries(nodes.map((node, index) => [index + 1, runningBroker(node)])),
      });
      const made = plan(given);
      nodes.forEach(({ protocol }, index) => {
        const { changes } = stepOf(made, 'binaries', index + 1).edit;
        const after = readProperties(editProperties(given.hosts[index]?.properties ?? '', changes));
        expect(protocol.startsWith(after[key] ?? 'unpinned') || made.fromProtocol === after[key]).toBe(true);
      });
    }),
  );
});

describe('the plan of a KRaft cluster', () => {
  const kraft = (overrides: Partial<typeof request> = {}, given = kraftSnapshot()): UpgradePlan =>
    plan(given, { target: '4.3.0', ...overrides });

  it('takes the levels from the cluster, changes no file, and has no second roll', () => {
    const made = kraft();
    expect([made.fromVersion, made.toVersion, made.fromProtocol, made.toProtocol]).toEqual([
      '3.9.2',
      '4.3.0',
      '3.9-IV0',
      '4.3-IV0',
    ]);
    expect(made.steps.protocol).toEqual([]);
    const { properties } = hostFacts(1);
    expect(stepOf(kraft({}, withNode(1, { host: { properties } }, kraftSnapshot())), 'binaries', 1)).toEqual({
      nodeId: 1,
      needed: true,
      edit: { changes: [], fromSha256: readableSha256(properties), toSha256: readableSha256(properties), diff: '' },
      fromVersion: '3.9.2',
      toVersion: '4.3.0',
      protocol: null,
    });
    expect(made.nodes.map(({ protocol }) => protocol)).toEqual([null, null, null]);
  });

  it('stays at the level that is in force where none is raised', () => {
    const made = kraft({ features: { 'metadata.version': false } });
    expect([made.fromProtocol, made.toProtocol]).toEqual(['3.9-IV0', '3.9-IV0']);
    expect(made.finalization.map(({ feature }) => feature)).not.toContain('metadata.version');
  });

  it('says that the level is unknown where no node tells it', () => {
    const silent = { ...runningBroker({ version: '3.9.2' }), features: null };
    const given = [1, 2, 3].reduce((base, id) => withNode(id, { running: silent }, base), kraftSnapshot());
    expect(kraft({}, given).fromProtocol).toBe('unknown');
  });

  it('has the leader of the quorum as active controller, which is no canary', () => {
    const made = kraft({}, kraftSnapshot({ quorum: quorumOf([3, 1, 2]) }));
    expect([made.outlook?.controllerId, made.canary]).toEqual([3, 1]);
  });
});

describe('where an upgrade begins', () => {
  it.each([
    ['the oldest of the releases that run', ['3.7.2', '3.8.1', '3.7.2'], '3.7.2'],
    ['by number', ['3.8.1', '3.7.10', '3.7.9'], '3.7.9'],
    ['the newest of them, where the target is older than one', ['3.10.0', '3.9.2', '3.8.1'], '3.10.0'],
    ['the first of those that cannot be compared', ['odd', '3.7.2', '3.8.1'], 'odd'],
  ])('is %s', (_what, versions, from) => {
    const given = versions.reduce(
      (base, version, index) => withNode(index + 1, { running: runningBroker({ version }) }, base),
      snapshot(),
    );
    expect(plan(given, { target: '3.8.1' }).fromVersion).toBe(from);
  });
});
