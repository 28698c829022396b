import fc from 'fast-check';
import type { ConfigValue } from '../../../src/domain/cluster/cluster';
import { finalizedLevels, logDirectoriesOf, requireNode } from '../../../src/domain/checks/cluster-snapshot';
import type { RunningNode } from '../../../src/domain/checks/cluster-snapshot';
import { runningBroker, setting, snapshot } from '../../support/snapshot';

const knowing = (finalizedEpoch: number, finalized: Record<string, number>): RunningNode => ({
  ...runningBroker(),
  features: { observedBy: 1, finalized, finalizedEpoch },
});

const silent = runningBroker();

describe('the finalized features', () => {
  it.each<[string, Record<number, RunningNode>, Record<string, number>]>([
    ['nothing, when no node tells', { 1: silent, 2: silent }, {}],
    ['nothing, when there is no node', {}, {}],
    ['what the only one says', { 1: silent, 2: knowing(5, { 'metadata.version': 21 }) }, { 'metadata.version': 21 }],
    [
      'what the node with the newest epoch says, not the last one',
      {
        1: knowing(5, { 'metadata.version': 21 }),
        2: knowing(9, { 'metadata.version': 25, 'group.version': 1 }),
        3: knowing(7, { 'metadata.version': 22 }),
      },
      { 'metadata.version': 25, 'group.version': 1 },
    ],
    [
      'what any node knows rather than one that knows none yet (-1)',
      { 1: knowing(-1, {}), 2: knowing(0, { 'metadata.version': 1 }) },
      { 'metadata.version': 1 },
    ],
    [
      'also lower, when that is newer: a feature was lowered',
      { 1: knowing(3, { 'group.version': 1 }), 2: knowing(4, { 'group.version': 0 }) },
      { 'group.version': 0 },
    ],
  ])('are %s', (_what, running, levels) => {
    expect(finalizedLevels({ running })).toEqual(levels);
  });

  it('property: are those of the greatest epoch, in any order of nodes', () => {
    const epochs = fc.uniqueArray(fc.nat(1_000), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(epochs, (order) => {
        const running = Object.fromEntries(
          order.map((epoch, id) => [id, knowing(epoch, { 'metadata.version': epoch })]),
        );
        expect(finalizedLevels({ running })).toEqual({ 'metadata.version': Math.max(...order) });
      }),
    );
  });
});

describe('the log directories of a broker', () => {
  const directories = (config: Record<string, ConfigValue>) =>
    logDirectoriesOf({ running: { 1: { ...runningBroker(), config } } }, 1);

  it.each<[string, Record<string, ConfigValue>, string[]]>([
    ['those of log.dirs', { 'log.dirs': setting('/data/a,/data/b') }, ['/data/a', '/data/b']],
    ['without the spaces around them', { 'log.dirs': setting(' /data/a , /data/b ') }, ['/data/a', '/data/b']],
    ['without empty ones', { 'log.dirs': setting('/data/a,,') }, ['/data/a']],
    ['that of log.dir, where log.dirs is not set', { 'log.dir': setting('/data') }, ['/data']],
    ['that of log.dir, where log.dirs is null', { 'log.dirs': setting(null), 'log.dir': setting('/data') }, ['/data']],
    ['those of log.dirs, where both are set', { 'log.dirs': setting('/a'), 'log.dir': setting('/b') }, ['/a']],
    ['none, where nothing is told', {}, []],
  ])('are %s', (_what, config, expected) => {
    expect(directories(config)).toEqual(expected);
  });

  it('are none of a node that was not asked', () => {
    expect(logDirectoriesOf(snapshot(), 9)).toEqual([]);
  });
});

describe('a node of the definition', () => {
  it('is found by its id', () => {
    expect(requireNode(snapshot(), 2)).toEqual({
      id: 2,
      roles: ['broker'],
      address: 'kafka@10.0.0.2:22',
      kafka: '10.0.0.2:9092',
    });
  });

  it('has to be there for every host', () => {
    expect(() => requireNode(snapshot(), 9)).toThrow(
      'The snapshot has a host of node 9, which is not in its definition.',
    );
  });
});
