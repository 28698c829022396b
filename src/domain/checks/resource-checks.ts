/** Findings about the hosts as machines: space, clocks, time to stop, and who else works on them. */
import type { ClusterSnapshot } from './cluster-snapshot';
import { blocker, warning } from './finding';
import type { Finding } from './finding';
import { someOf } from '../health/gate';
import type { DiskSpace } from './risk-facts';

const mebibyte = 1024 ** 2;
/** A broker without space stops by itself; and neither a backup nor a changed file could be written. */
const fullBelowBytes = 64 * mebibyte;
/** Logs grow while replicas catch up. */
const scarceBelowBytes = 1024 * mebibyte;
const scarceBelowShare = 0.05;

const size = (bytes: number): string =>
  bytes < 1024 * mebibyte ? `${Math.floor(bytes / mebibyte)} MiB` : `${(bytes / 1024 ** 3).toFixed(1)} GiB`;

const hostOf = ({ hosts }: ClusterSnapshot, nodeId: number): string =>
  hosts.find((host) => host.nodeId === nodeId)?.hostname ?? `node ${nodeId}`;

const diskFinding = (snapshot: ClusterSnapshot, { nodeId, path, totalBytes, availableBytes }: DiskSpace): Finding[] => {
  const seen = `${hostOf(snapshot, nodeId)}: ${path} has ${size(availableBytes)} free of ${size(totalBytes)}.`;
  const source = 'df on the host';
  if (availableBytes < fullBelowBytes)
    return [
      blocker('DiskFull', {
        seen,
        why: 'Neither a backup nor a changed file can be written there, and a broker without space for its logs ends.',
        action: 'Make space on that host, then plan again.',
        source,
      }),
    ];
  if (availableBytes > scarceBelowBytes && availableBytes > totalBytes * scarceBelowShare) return [];
  return [
    warning({
      seen,
      why: 'Logs grow while consumers wait and replicas catch up; a broker without space for its logs ends.',
      action: 'Make space, or make sure that it lasts for the time of the upgrade.',
      source,
    }),
  ];
};

/** Beyond the time that a look itself takes (s): enough to confuse logs, retention and tokens. */
const skewLimitSeconds = 2;

const checkClocks = ({ hosts }: ClusterSnapshot): Finding[] => {
  const skews = hosts.map(({ clockSkewSeconds }) => clockSkewSeconds);
  if (Math.max(...skews) - Math.min(...skews) < skewLimitSeconds) return [];
  const words = hosts.map(({ hostname, clockSkewSeconds }) => `${hostname} ${clockSkewSeconds.toFixed(1)} s`);
  return [
    warning({
      seen: `The clocks of the hosts differ; against this machine: ${someOf(words, 20)}.`,
      why: 'Timestamps, retention by time and delegation tokens go by the clock of the broker, and logs cannot be compared.',
      action: 'Make the time service (chrony, ntpd) of these hosts work first.',
      source: 'date on the hosts',
    }),
  ];
};

/** KafkaBroker.shutdown waits for five minutes. */
const kafkaStopSeconds = 300;

const checkStopTimeouts = ({ hosts }: ClusterSnapshot): Finding[] =>
  hosts
    .filter(({ stopTimeoutSeconds }) => stopTimeoutSeconds !== null && stopTimeoutSeconds < kafkaStopSeconds)
    .map(({ hostname, stopTimeoutSeconds }) =>
      warning({
        seen: `${hostname}: systemd kills the service ${stopTimeoutSeconds} s after it was asked to stop (TimeoutStopSec).`,
        why: 'Kafka itself waits up to 300 s for a controlled shutdown; a kill in between means log recovery at the start.',
        action: 'Set TimeoutStopSec=360 in the unit, then `systemctl daemon-reload`.',
        source: 'KafkaBroker.shutdown (Duration.ofMinutes(5)); systemd.service, TimeoutStopSec',
      }),
    );

const checkAgents = ({ hosts }: ClusterSnapshot): Finding[] => {
  const found = hosts.filter(({ managers }) => managers.length > 0);
  return found.length === 0
    ? []
    : [
        warning({
          seen: `Configuration management is at work: ${found.map(({ hostname, managers }) => `${managers.join(', ')} on ${hostname}`).join('; ')}.`,
          why: 'It may put server.properties or the release back in the middle of the upgrade, or restart a broker.',
          action:
            'Pause it on these hosts until the upgrade has ended, and change its sources to what the plan writes.',
          source: 'process list, cron and systemd timers of the hosts',
        }),
      ];
};

/** Every finding about the hosts as machines. */
export const checkResources = (snapshot: ClusterSnapshot): Finding[] => [
  ...snapshot.risks.disks.flatMap((disk) => diskFinding(snapshot, disk)),
  ...checkClocks(snapshot),
  ...checkStopTimeouts(snapshot),
  ...checkAgents(snapshot),
];
