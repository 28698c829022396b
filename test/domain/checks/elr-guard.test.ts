import fc from 'fast-check';
import type { ConfigValue } from '../../../src/domain/cluster/cluster';
import type { ClusterSnapshot } from '../../../src/domain/checks/cluster-snapshot';
import { checkElr, minIsrKey, minIsrToWrite } from '../../../src/domain/checks/elr-guard';
import { brokerSetting } from '../../../src/domain/knowledge/broker-settings';
import { releaseLines } from '../../../src/domain/knowledge/releases';
import { kraftFinalization } from '../../support/kraft-fixture';
import { kraftSnapshot, setting } from '../../support/snapshot';

const asked = kraftFinalization({ 'eligible.leader.replicas.version': 1 });

/** A cluster whose brokers say these values; null: hidden or unset, undefined: not told at all. */
const telling = (values: (string | null | undefined)[], clusterMinIsr: string | null = null): ClusterSnapshot => {
  const base = kraftSnapshot({ clusterMinIsr });
  const running = Object.entries(base.running).map(([id, node], index): [string, typeof node] => {
    const value = values[index];
    const config: Record<string, ConfigValue> =
      value === undefined ? {} : { 'min.insync.replicas': setting(value, 'static-broker') };
    return [id, { ...node, config }];
  });
  return { ...base, running: Object.fromEntries(running) };
};

const isolated = (values: (string | undefined)[]): ClusterSnapshot => {
  const base = telling(values);
  const nodes = base.nodes.map((node) => ({ ...node, roles: [node.id === 3 ? 'controller' : 'broker'] as const }));
  return { ...base, nodes: nodes.map((node) => ({ ...node, roles: [...node.roles] })) };
};

it('the setting in question is one that every release knows', () => {
  expect(releaseLines.filter(({ line }) => brokerSetting(minIsrKey, line) === null)).toEqual([]);
});

describe('the value that is written before the feature is raised', () => {
  it.each<[string, ClusterSnapshot, string | null]>([
    ['what all brokers have from their files', telling(['2', '2', '2']), '2'],
    ['what all brokers have, where the cluster has another', telling(['2', '2', '2'], '1'), '2'],
    ['nothing, where the cluster has it', telling(['2', '2', '2'], '2'), null],
    ['nothing, while brokers disagree', telling(['2', '1', '2']), null],
    ['nothing, while a broker does not tell', telling(['2', undefined, '2']), null],
    ['nothing, while a broker hides it', telling(['2', '2', null]), null],
    ['nothing, when nobody tells', telling([]), null],
    ['what the brokers have, whatever a controller of its own has', isolated(['3', '3', undefined]), '3'],
  ])('is %s', (_what, snapshot, value) => {
    expect(minIsrToWrite(snapshot)).toBe(value);
  });

  it('property: never lowers what a broker has', () => {
    const value = fc.constantFrom('1', '2', '3');
    fc.assert(
      fc.property(fc.tuple(value, value, value), fc.option(value), (values, cluster) => {
        const written = minIsrToWrite(telling(values, cluster));
        expect(written === null || values.every((each) => each === written)).toBe(true);
      }),
    );
  });
});

describe('what a person must know of the feature', () => {
  it.each([[kraftFinalization()], [[]]])('is nothing when the plan does not raise it', (finalization) => {
    expect(checkElr(telling(['2', '1', '2']), finalization)).toEqual([]);
  });

  it('is what is written first, and why', () => {
    expect(checkElr(telling(['2', '2', '2']), asked)).toEqual([
      {
        severity: 'warning',
        failure: null,
        seen: 'eligible.leader.replicas.version is asked for; min.insync.replicas is 2 on every broker, from their files only.',
        why: 'Raising it deletes the values of single brokers, and without a value for the cluster it takes the one of the active controller: that can lower it silently, for good.',
        action:
          'Nothing: min.insync.replicas=2 is written for the whole cluster first, and every topic is compared afterwards. The value cannot be removed while the feature is on.',
        source: 'KIP-966; ConfigurationControlManager.maybeGenerateElrSafetyRecords',
      },
    ]);
  });

  it('is shorter where the cluster has a value already', () => {
    expect(checkElr(telling(['2', '2', '2'], '2'), asked)[0]?.seen).toBe(
      'eligible.leader.replicas.version is asked for; min.insync.replicas is 2 on every broker.',
    );
  });

  it.each<[string, ClusterSnapshot, string]>([
    ['brokers disagree', telling(['2', '1', '2']), '2 on broker 1, 1 on broker 2, 2 on broker 3'],
    ['one does not tell', telling(['2', undefined, '2']), '2 on broker 1, not told on broker 2, 2 on broker 3'],
    [
      'nobody tells, even where the cluster has a value',
      telling([], '2'),
      'not told on broker 1, not told on broker 2, not told on broker 3',
    ],
  ])('is a blocker while %s: the feature would lower it silently', (_what, snapshot, list) => {
    expect(checkElr(snapshot, asked)).toEqual([
      {
        severity: 'blocker',
        failure: 'PlanBlocked',
        seen: `min.insync.replicas is not the same on every broker: ${list}.`,
        why: 'eligible.leader.replicas.version deletes the values of single brokers and leaves one for the whole cluster.',
        action:
          'Decide for one value: kafka-configs.sh --entity-type brokers --entity-default --alter --add-config min.insync.replicas=N, and remove it from single brokers; or leave the feature out.',
        source: 'KIP-966; ConfigurationControlManager.maybeGenerateElrSafetyRecords',
      },
    ]);
  });

  it('property: the plan either blocks, or writes what every broker has, or finds it there', () => {
    const value = fc.constantFrom('1', '2', null, undefined);
    fc.assert(
      fc.property(fc.tuple(value, value, value), fc.constantFrom('1', '2', null), (values, cluster) => {
        const snapshot = telling(values, cluster);
        const blocked = checkElr(snapshot, asked).some(({ severity }) => severity === 'blocker');
        const safe = minIsrToWrite(snapshot) ?? cluster;
        expect(blocked || values.every((each) => each === safe)).toBe(true);
      }),
    );
  });
});
