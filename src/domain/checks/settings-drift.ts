/**
 * What in the settings of a cluster is not what it looks like, whichever release runs:
 *
 *   1. A name that no release knows but that is close to one that it knows: Kafka ignores it without a word.
 *   2. Hosts of the same role that are set differently: some will behave differently after a restart.
 *   3. A dynamic setting (KIP-226) that outranks the file: whoever edits the file changes nothing.
 *
 * Sources: org.apache.kafka.common.config.AbstractConfig (unknown names are only logged), KIP-226 (precedence).
 */
import { requireNode } from './cluster-snapshot';
import type { ClusterSnapshot } from './cluster-snapshot';
import { note, warning } from './finding';
import type { Finding } from './finding';
import { someOf } from '../health/gate';
import { brokerSetting, brokerSettings } from '../knowledge/broker-settings';
import { editDistance, nearestName } from '../common/nearest-name';
import { isSecretKey, mask } from '../settings/secret-properties';
import { readProperties } from '../settings/server-properties';

/** One file of the cluster, and who must be set like it. */
interface NodeSettings {
  nodeId: number;
  where: string;
  roles: string;
  settings: Record<string, string>;
}

const filesOf = (snapshot: ClusterSnapshot): NodeSettings[] =>
  snapshot.hosts.map(({ nodeId, hostname, properties }) => ({
    nodeId,
    where: hostname,
    roles: requireNode(snapshot, nodeId).roles.join(','),
    settings: readProperties(properties),
  }));

const keysOf = (files: readonly NodeSettings[]): string[] =>
  [...new Set(files.flatMap(({ settings }) => Object.keys(settings)))].sort();

/** More than two letters wrong, or one in a short name, is another name: plug-ins have their own. */
const misspellingOf = (key: string, known: readonly string[]): string | null => {
  const limit = key.length < 8 ? 1 : 2;
  const nearest = nearestName(key, known);
  return nearest !== null && editDistance(key, nearest) <= limit ? nearest : null;
};

/** Names that no release line of the path knows and that are a slip away from one that it knows. */
export const misspelledFindings = (
  snapshot: ClusterSnapshot,
  { from, to }: { from: string; to: string },
): Finding[] => {
  const files = filesOf(snapshot);
  const known = [...new Set([...brokerSettings(to), ...brokerSettings(from)].map(({ name }) => name))];
  const names = new Set(known);
  return keysOf(files).flatMap((key) => {
    const meant = names.has(key) ? null : misspellingOf(key, known);
    if (meant === null) return [];
    const where = files.filter(({ settings }) => settings[key] !== undefined).map((file) => file.where);
    return [
      warning({
        seen: `${key} is set on ${someOf(where)}; no release knows it, but they know ${meant}.`,
        why: 'Kafka ignores a name that it does not know: what it was meant for does not happen.',
        action: `Write ${meant}, or take the line out.`,
        source: 'org.apache.kafka.common.config.AbstractConfig.logUnused',
      }),
    ];
  });
};

/** Settings that mean something in the other mode only; a migration is a finding of its own (kraft-checks). */
const meaningless: Record<ClusterSnapshot['mode'], RegExp> = {
  kraft: /^(zookeeper\.(?!metadata\.migration)|broker\.id\.generation\.enable$|reserved\.broker\.max\.id$)/,
  zookeeper: /^(controller\.quorum\.|metadata\.log\.)/,
};

/** Settings that the mode of the cluster has no use for. */
export const meaninglessFindings = (snapshot: ClusterSnapshot): Finding[] => {
  const files = filesOf(snapshot);
  const keys = keysOf(files).filter((key) => meaningless[snapshot.mode].test(key));
  return keys.length === 0
    ? []
    : [
        note({
          seen: `${someOf(keys, 10)} mean nothing in mode ${snapshot.mode}.`,
          why: 'They are left from another time; whoever reads the file may believe them.',
          action: 'Take the lines out when the upgrade has ended.',
          source: 'KIP-500; kafka.server.KafkaConfig',
        }),
      ];
};

/** What is different on every host by its nature. */
const ownByNature = [
  /^(broker|node)\.id$/,
  /^(advertised\.)?(listeners|host\.name|port)$/,
  /^broker\.rack$/,
  /^(metadata\.)?log\.dirs?$/,
  /^process\.roles$/,
  /(^|\.)(ssl\.(keystore|key)\.|sasl\.jaas\.config$|sasl\.kerberos\.)/,
];

const shown = (key: string, value: string | undefined): string => {
  if (value === undefined) return 'not set';
  if (value === '') return 'empty';
  return isSecretKey(key) ? mask : value;
};

interface SettingByHost {
  where: string;
  value: string | undefined;
}

/** `8 on kafka-1, kafka-2; 16 on kafka-3` */
const byValue = (key: string, hosts: readonly SettingByHost[]): string =>
  [...new Set(hosts.map(({ value }) => value))]
    .map((value) => {
      const where = hosts.filter((host) => host.value === value).map((host) => host.where);
      return `${shown(key, value)} on ${someOf(where)}`;
    })
    .join('; ');

/** Settings in which hosts of the same roles differ; a file that writes the default down is as one that leaves it out. */
export const differenceFindings = (snapshot: ClusterSnapshot, line: string): Finding[] => {
  const files = filesOf(snapshot);
  const differing = keysOf(files)
    .filter((key) => !ownByNature.some((pattern) => pattern.test(key)))
    .flatMap((key) => {
      const standard = brokerSetting(key, line)?.defaultValue;
      return [...new Set(files.map(({ roles }) => roles))].flatMap((roles) => {
        const hosts = files
          .filter((file) => file.roles === roles)
          .map(({ where, settings }) => ({ where, value: settings[key] }));
        const values = new Set(hosts.map(({ value }) => value ?? standard));
        return values.size > 1 ? [`${key} is ${byValue(key, hosts)}`] : [];
      });
    });
  return differing.map((seen) =>
    warning({
      seen: `${seen}.`,
      why: 'Brokers of one cluster that are set differently behave differently; a change that never reached every host comes into force with the restart.',
      action: 'Find out which value is meant, and set it on every host before the upgrade.',
      source: 'server.properties of the hosts',
    }),
  );
};

const dynamicSources = ['dynamic-broker', 'dynamic-default-broker'];

const dynamicOf = ({ running }: ClusterSnapshot, nodeId: number): [key: string, value: string | null][] =>
  Object.entries(running[nodeId]?.config ?? {})
    .filter(([, { source }]) => dynamicSources.includes(source))
    .map(([key, { value, sensitive }]) => [key, sensitive || isSecretKey(key) ? mask : value]);

/** Settings of the running brokers that outrank their files, and those that only exist dynamically. */
export const dynamicFindings = (snapshot: ClusterSnapshot): Finding[] => {
  const files = filesOf(snapshot);
  const outranked = files.flatMap(({ nodeId, where, settings }) =>
    dynamicOf(snapshot, nodeId)
      .filter(([key, value]) => settings[key] !== undefined && settings[key] !== value)
      .map(([key, value]) => `${key}=${shown(key, settings[key])} in the file of ${where}, but ${value} runs`),
  );
  const names = [...new Set(files.flatMap(({ nodeId }) => dynamicOf(snapshot, nodeId).map(([key]) => key)))].sort();
  const source = 'KIP-226: dynamic settings of a broker outrank those of the cluster, and these the file';
  return [
    ...outranked.map((seen) =>
      warning({
        seen: `${seen}, by a dynamic setting.`,
        why: 'The dynamic setting stays in force after every restart; the line in the file does nothing.',
        action: 'Take one of the two away: kafka-configs.sh --entity-type brokers --describe shows the dynamic ones.',
        source,
      }),
    ),
    ...(names.length === 0
      ? []
      : [
          note({
            seen: `Set dynamically: ${someOf(names, 10)}.`,
            why: 'They are in no file, and stay in force through the upgrade.',
            action: 'Nothing, unless one of them was only meant for a while (a replication throttle, for example).',
            source,
          }),
        ]),
  ];
};
