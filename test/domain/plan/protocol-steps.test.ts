import fc from 'fast-check';
import type { HostFacts } from '../../../src/domain/cluster/cluster';
import { fileEditor } from '../../../src/domain/plan/file-edit';
import { protocolGoal, protocolSteps, runningProtocol } from '../../../src/domain/plan/protocol-steps';
import { compareProtocols, parseProtocolVersion, shortProtocol } from '../../../src/domain/levels/protocol-version';
import type { ProtocolLevel } from '../../../src/domain/levels/protocol-version';
import { editProperties, readProperties } from '../../../src/domain/settings/server-properties';
import type { PropertyChange } from '../../../src/domain/settings/server-properties';
import type { NodeStep } from '../../../src/domain/plan/upgrade-plan';
import { failureOf } from '../../support/failure-of';
import { hostFacts, readableSha256, runningBroker, snapshot, withNode } from '../../support/snapshot';

const key = 'inter.broker.protocol.version';
const format = 'log.message.format.version';

const level = (text: string): ProtocolLevel => {
  const parsed = parseProtocolVersion(text);
  if (parsed === null) throw new Error(`${text} is no level`);
  return parsed;
};

const base = 'broker.id=1\nzookeeper.connect=zk\n';

interface Given {
  file?: string;
  /** What this node speaks, and what it runs. */
  speaks: string;
  runs?: string;
  /** CURRENT and the target. */
  current: string;
  target: string;
}

const stepsOf = ({ file = '', speaks, runs = '3.7.2', current, target }: Given): Record<string, NodeStep> =>
  protocolSteps(
    { host: hostFacts(1, { properties: base + file }), protocol: level(speaks), version: runs, target },
    protocolGoal([level(current), level(speaks)], target),
    fileEditor({ sha256: readableSha256, label: 'server.properties' }),
  );

const changesOf = (given: Given): Record<string, PropertyChange[]> =>
  Object.fromEntries(Object.entries(stepsOf(given)).map(([phase, { edit }]) => [phase, edit.changes]));

const set = (to: string): PropertyChange => ({ key, value: to });

describe('the level that a broker runs', () => {
  const host: HostFacts = hostFacts(2);

  it.each([
    ['3.7-IV4', '3.7'],
    ['3.7.2', '3.7'],
    ['3.7-IV2', '3.7-IV2'],
    ['2.8', '2.8'],
  ])('is what it reports: %s is %s', (protocol, short) => {
    const given = withNode(2, { running: runningBroker({ protocol }) });
    expect(shortProtocol(runningProtocol(given, host))).toBe(short);
  });

  it.each([
    [null, 'nothing'],
    ['4.0-IV3', '4.0-IV3'],
    ['odd', 'odd'],
    ['', ''],
  ])('must be known: %j ends the planning', (protocol, words) => {
    const given = withNode(2, { running: runningBroker({ protocol }) });
    const { type, message } = failureOf(() => runningProtocol(given, host));
    expect(type).toBe('BrokerUnreachable');
    expect(message).toBe(
      `Broker 2 reports inter.broker.protocol.version as ${words}, which is no known level; without it no plan can be made.`,
    );
  });

  it('must be told: a broker that nobody asked has none', () => {
    expect(failureOf(() => runningProtocol(snapshot({ running: {} }), host)).message).toContain('as nothing');
  });
});

describe('CURRENT and NEW', () => {
  it.each([
    ['the level of all', ['3.7'], '3.8.1', '3.7 → 3.8'],
    ['the lowest that runs', ['3.7', '3.6-IV1', '3.8'], '3.8.1', '3.6-IV1 → 3.8'],
    ['the lowest within a line', ['3.7-IV4', '3.7-IV0'], '3.8.1', '3.7-IV0 → 3.8'],
    ['the level of the target already', ['3.8'], '3.8.1', '3.8 → 3.8'],
    ['the line of the target, not its patch', ['3.7'], '3.9.2', '3.7 → 3.9'],
    ['itself where the target has none', ['3.7'], '4.0.0', '3.7 → 3.7'],
  ])('are %s', (_what, levels, target, expected) => {
    const goal = protocolGoal(levels.map(level), target);
    expect(`${shortProtocol(goal.current)} → ${shortProtocol(goal.next)}`).toBe(expected);
  });

  it('need a target that is a release', () => {
    expect(failureOf(() => protocolGoal([level('3.7')], '3.8')).type).toBe('InvalidRequest');
  });
});

describe('the edits of a node', () => {
  it.each<[string, Given, PropertyChange[], PropertyChange[]]>([
    ['pin CURRENT, then raise to NEW', { speaks: '3.7', current: '3.7', target: '3.8.1' }, [set('3.7')], [set('3.8')]],
    [
      'keep a pin that means CURRENT already',
      { file: `${key}=3.7.2\n`, speaks: '3.7', current: '3.7', target: '3.8.1' },
      [],
      [set('3.8')],
    ],
    [
      'pin what runs, whatever somebody wrote into the file',
      { file: `${key}=3.8\n`, speaks: '3.7', current: '3.7', target: '3.8.1' },
      [set('3.7')],
      [set('3.8')],
    ],
    [
      'pin what runs over a value that no release knows',
      { file: `${key}=latest\n`, speaks: '3.7-IV2', current: '3.7-IV2', target: '3.8.1' },
      [set('3.7-IV2')],
      [set('3.8')],
    ],
    [
      'leave a node on NEW that speaks it already, and pin that',
      { speaks: '3.8', runs: '3.8.1', current: '3.7', target: '3.8.1' },
      [set('3.8')],
      [],
    ],
    [
      'pin the level between CURRENT and NEW that a node speaks',
      { speaks: '3.8', runs: '3.8.1', current: '3.7', target: '3.9.2' },
      [set('3.8')],
      [set('3.9')],
    ],
    [
      'take the old record format out together with the new protocol',
      { file: `${format}=3.0\n`, speaks: '3.7', current: '3.7', target: '3.8.1' },
      [set('3.7')],
      [set('3.8'), { key: format, value: null }],
    ],
    [
      'pin the record format beside a protocol of 2.x, and take it out for 3.x',
      { speaks: '2.8', current: '2.8', target: '3.9.2' },
      [set('2.8'), { key: format, value: '2.8' }],
      [set('3.9'), { key: format, value: null }],
    ],
    [
      'keep a record format that is set',
      { file: `${format}=2.5\n`, speaks: '2.8', current: '2.8', target: '3.9.2' },
      [set('2.8')],
      [set('3.9'), { key: format, value: null }],
    ],
    [
      'raise the record format with the protocol within 2.x',
      { speaks: '2.7', current: '2.7', target: '2.8.2' },
      [set('2.7'), { key: format, value: '2.7' }],
      [set('2.8'), { key: format, value: '2.8' }],
    ],
    [
      'raise nothing where the target has no level',
      { speaks: '3.7', current: '3.7', target: '4.0.0' },
      [set('3.7')],
      [],
    ],
  ])('%s', (_what, given, binaries, protocol) => {
    expect(changesOf(given)).toEqual({ binaries, protocol });
  });

  it('fit together: the second begins with the content that the first leaves', () => {
    const { binaries, protocol } = stepsOf({ speaks: '3.7', current: '3.7', target: '3.8.1' });
    expect(binaries?.edit).toEqual({
      changes: [set('3.7')],
      fromSha256: readableSha256(base),
      toSha256: readableSha256(`${base}${key}=3.7\n`),
      diff: `--- a/server.properties\n+++ b/server.properties\n@@ -1,2 +1,3 @@\n broker.id=1\n zookeeper.connect=zk\n+${key}=3.7\n`,
    });
    expect(protocol?.edit).toEqual({
      changes: [set('3.8')],
      fromSha256: readableSha256(`${base}${key}=3.7\n`),
      toSha256: readableSha256(`${base}${key}=3.8\n`),
      diff: `--- a/server.properties\n+++ b/server.properties\n@@ -1,3 +1,3 @@\n broker.id=1\n zookeeper.connect=zk\n-${key}=3.7\n+${key}=3.8\n`,
    });
  });

  it.each<[string, Given, [boolean, boolean]]>([
    ['both', { speaks: '3.7', current: '3.7', target: '3.8.1' }, [true, true]],
    [
      'only the second, with the target installed',
      { speaks: '3.7', runs: '3.8.1', current: '3.7', target: '3.8.1' },
      [false, true],
    ],
    ['none, on the target in full', { speaks: '3.8', runs: '3.8.1', current: '3.7', target: '3.8.1' }, [false, false]],
    ['only the first, for a patch', { speaks: '3.8', runs: '3.8.0', current: '3.8', target: '3.8.1' }, [true, false]],
  ])('are needed: %s', (_what, given, needed) => {
    const { binaries, protocol } = stepsOf(given);
    expect([binaries?.needed, protocol?.needed]).toEqual(needed);
  });

  it('say what the node must run and speak after each', () => {
    const { binaries, protocol } = stepsOf({ speaks: '3.7', current: '3.6', target: '3.8.1' });
    expect(binaries).toMatchObject({ nodeId: 1, fromVersion: '3.7.2', toVersion: '3.8.1', protocol: '3.7' });
    expect(protocol).toMatchObject({ nodeId: 1, fromVersion: '3.8.1', toVersion: '3.8.1', protocol: '3.8' });
  });
});

describe('I2: the edits of any node', () => {
  const levels = fc.constantFrom('2.7', '2.8', '3.6', '3.7-IV2', '3.7', '3.8', '3.9');
  const anyGiven = fc.record({
    file: fc.constantFrom('', `${key}=3.6\n`, `${key}=3.9\n`, `${format}=2.8\n`, `${key} : 3.7.2\\\n\n`),
    speaks: levels,
    current: levels,
    target: fc.constantFrom('3.8.1', '3.9.2'),
  });

  it('pin a level that the node speaks or that is below, and raise it to NEW or leave it', () => {
    fc.assert(
      fc.property(anyGiven, (given) => {
        const { binaries, protocol } = changesOf(given);
        const pinned = editProperties(base + given.file, binaries ?? []);
        const inForce = level(readProperties(pinned)[key] ?? '');
        expect(compareProtocols(inForce, level(given.speaks))).toBeLessThanOrEqual(0);
        const raised = level(readProperties(editProperties(pinned, protocol ?? []))[key] ?? '');
        const wanted = protocol?.length === 0 ? inForce : level(given.target);
        expect(compareProtocols(raised, wanted)).toBe(0);
      }),
    );
  });

  it('touch no other setting', () => {
    fc.assert(
      fc.property(anyGiven, (given) => {
        const keys = Object.values(changesOf(given)).flatMap((changes) => changes.map((change) => change.key));
        expect(keys.filter((changed) => changed !== key && changed !== format)).toEqual([]);
      }),
    );
  });
});
