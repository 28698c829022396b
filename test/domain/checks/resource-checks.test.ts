import type { HostFacts } from '../../../src/domain/cluster/cluster';
import type { ClusterSnapshot } from '../../../src/domain/checks/cluster-snapshot';
import { blocker, warning } from '../../../src/domain/checks/finding';
import { checkResources } from '../../../src/domain/checks/resource-checks';
import { noRisks } from '../../../src/domain/checks/risk-facts';
import type { DiskSpace } from '../../../src/domain/checks/risk-facts';
import { brief } from '../../support/findings';
import { snapshot, withNode } from '../../support/snapshot';

const MiB = 1024 ** 2;
const GiB = 1024 ** 3;

const disk = (overrides: Partial<DiskSpace>): DiskSpace => ({
  nodeId: 1,
  path: '/data',
  totalBytes: 100 * GiB,
  availableBytes: 50 * GiB,
  ...overrides,
});

const withDisks = (...disks: DiskSpace[]): ClusterSnapshot => snapshot({ risks: { ...noRisks, disks } });

/** The facts of hosts 1, 2 and 3, where they differ from healthy ones. */
const withHosts = (...facts: Partial<HostFacts>[]): ClusterSnapshot =>
  facts.reduce<ClusterSnapshot>((given, host, index) => withNode(index + 1, { host }, given), snapshot());

it('healthy hosts give no finding', () => {
  expect(checkResources(withDisks(disk({})))).toEqual([]);
});

describe('the space of the disks', () => {
  it('that are full stops the upgrade', () => {
    expect(checkResources(withDisks(disk({ nodeId: 2, path: '/var/lib/kafka', availableBytes: 10 * MiB })))).toEqual([
      blocker('DiskFull', {
        seen: 'kafka-2: /var/lib/kafka has 10 MiB free of 100.0 GiB.',
        why: 'Neither a backup nor a changed file can be written there, and a broker without space for its logs ends.',
        action: 'Make space on that host, then plan again.',
        source: 'df on the host',
      }),
    ]);
  });

  it('that are nearly full is warned of', () => {
    expect(checkResources(withDisks(disk({ availableBytes: 500 * MiB })))).toEqual([
      warning({
        seen: 'kafka-1: /data has 500 MiB free of 100.0 GiB.',
        why: 'Logs grow while consumers wait and replicas catch up; a broker without space for its logs ends.',
        action: 'Make space, or make sure that it lasts for the time of the upgrade.',
        source: 'df on the host',
      }),
    ]);
  });

  it.each<[string, Partial<DiskSpace>, string[]]>([
    ['nothing is free', { availableBytes: 0 }, ['blocker: kafka-1: /data has 0 MiB free of 100.0 GiB.']],
    [
      'a byte less than 64 MiB is free',
      { availableBytes: 64 * MiB - 1 },
      ['blocker: kafka-1: /data has 63 MiB free of 100.0 GiB.'],
    ],
    ['64 MiB are free', { availableBytes: 64 * MiB }, ['warning: kafka-1: /data has 64 MiB free of 100.0 GiB.']],
    [
      'exactly 1 GiB of a small disk is free',
      { availableBytes: GiB, totalBytes: 10 * GiB },
      ['warning: kafka-1: /data has 1.0 GiB free of 10.0 GiB.'],
    ],
    ['more than 1 GiB of a small disk is free', { availableBytes: GiB + 1, totalBytes: 10 * GiB }, []],
    [
      'a twentieth of a large disk is free',
      { availableBytes: 5 * GiB },
      ['warning: kafka-1: /data has 5.0 GiB free of 100.0 GiB.'],
    ],
    ['more than a twentieth of a large disk is free', { availableBytes: 5 * GiB + 1 }, []],
    [
      'the disk is of a node without host',
      { nodeId: 9, availableBytes: 0 },
      ['blocker: node 9: /data has 0 MiB free of 100.0 GiB.'],
    ],
    [
      'the whole disk is tiny',
      { availableBytes: 80 * MiB, totalBytes: 512 * MiB },
      ['warning: kafka-1: /data has 80 MiB free of 512 MiB.'],
    ],
  ])('is judged where %s', (_what, space, findings) => {
    expect(brief(checkResources(withDisks(disk(space))))).toEqual(findings);
  });
});

describe('the clocks', () => {
  const skewed = (...seconds: number[]): ClusterSnapshot =>
    withHosts(...seconds.map((clockSkewSeconds) => ({ clockSkewSeconds })));

  it('that differ are warned of, each with its figure', () => {
    expect(checkResources(skewed(0, -7.25, 0.04))).toEqual([
      warning({
        seen: 'The clocks of the hosts differ; against this machine: kafka-1 0.0 s, kafka-2 -7.3 s, kafka-3 0.0 s.',
        why: 'Timestamps, retention by time and delegation tokens go by the clock of the broker, and logs cannot be compared.',
        action: 'Make the time service (chrony, ntpd) of these hosts work first.',
        source: 'date on the hosts',
      }),
    ]);
  });

  it.each<[string, number[], number]>([
    ['less than two seconds apart', [0, 1.9, 0.5], 0],
    ['two seconds apart', [0, 2, 0], 1],
    ['two seconds apart to both sides', [-1, 1, 0], 1],
    ['all wrong alike: it is the clock of the worker', [99, 99, 99], 0],
  ])('%s: %j gives %i findings', (_what, seconds, count) => {
    expect(checkResources(skewed(...seconds))).toHaveLength(count);
  });
});

describe('the time that a service has to stop', () => {
  it('must be more than Kafka itself waits', () => {
    expect(checkResources(withHosts({ stopTimeoutSeconds: 90 }))).toEqual([
      warning({
        seen: 'kafka-1: systemd kills the service 90 s after it was asked to stop (TimeoutStopSec).',
        why: 'Kafka itself waits up to 300 s for a controlled shutdown; a kill in between means log recovery at the start.',
        action: 'Set TimeoutStopSec=360 in the unit, then `systemctl daemon-reload`.',
        source: 'KafkaBroker.shutdown (Duration.ofMinutes(5)); systemd.service, TimeoutStopSec',
      }),
    ]);
  });

  it.each([
    [299, 1],
    [300, 0],
    [null, 0],
  ])('%s s gives %i findings', (stopTimeoutSeconds, count) => {
    expect(checkResources(withHosts({ stopTimeoutSeconds }))).toHaveLength(count);
  });

  it('is told host by host', () => {
    const seconds = [{ stopTimeoutSeconds: 10 }, { stopTimeoutSeconds: 360 }, { stopTimeoutSeconds: 20 }];
    expect(brief(checkResources(withHosts(...seconds)))).toEqual([
      'warning: kafka-1: systemd kills the service 10 s after it was asked to stop (TimeoutStopSec).',
      'warning: kafka-3: systemd kills the service 20 s after it was asked to stop (TimeoutStopSec).',
    ]);
  });
});

describe('configuration management', () => {
  it('is told once, with every host', () => {
    const given = withHosts({ managers: ['puppet', 'salt-minion'] }, {}, { managers: ['chef-client'] });
    expect(checkResources(given)).toEqual([
      warning({
        seen: 'Configuration management is at work: puppet, salt-minion on kafka-1; chef-client on kafka-3.',
        why: 'It may put server.properties or the release back in the middle of the upgrade, or restart a broker.',
        action: 'Pause it on these hosts until the upgrade has ended, and change its sources to what the plan writes.',
        source: 'process list, cron and systemd timers of the hosts',
      }),
    ]);
  });
});

it('everything that is wrong at once is told at once', () => {
  const given = withHosts({ stopTimeoutSeconds: 30, managers: ['puppet'] }, { clockSkewSeconds: 60 });
  const risks = { ...noRisks, disks: [disk({ availableBytes: 0 })] };
  expect(brief(checkResources({ ...given, risks }))).toEqual([
    'blocker: kafka-1: /data has 0 MiB free of 100.0 GiB.',
    'warning: The clocks of the hosts differ; against this machine: kafka-1 0.0 s, kafka-2 60.0 s, kafka-3 0.0 s.',
    'warning: kafka-1: systemd kills the service 30 s after it was asked to stop (TimeoutStopSec).',
    'warning: Configuration management is at work: puppet on kafka-1.',
  ]);
});
