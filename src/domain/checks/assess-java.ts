import { blocker, warning, type Finding } from './finding';
import { releaseLine, type ReleaseLine } from '../knowledge/releases';
import { formatVersion, lineOf, type KafkaVersion } from '../cluster/version';

/** Java of one host, for example `17.0.15` or `1.8.0_392`; null when unknown. */
export interface HostJava {
  /** Of which node, in words: `broker 2`. */
  node: string;
  javaVersion: string | null;
}

/** `17.0.15` is Java 17, `1.8.0_392` is Java 8. */
const javaFeatureVersion = (text: string): number | null => {
  const digits = /^(?:1\.)?(?<feature>\d+)/.exec(text)?.groups?.['feature'];
  return digits === undefined ? null : Number(digits);
};

const javaFinding = (host: HostJava, target: KafkaVersion, line: ReleaseLine): Finding[] => {
  const { minimum, documented } = line.java;
  const newest = Math.max(...documented);
  const feature = host.javaVersion === null ? null : javaFeatureVersion(host.javaVersion);
  const source = `docs of Kafka ${line.line}, Java version`;
  const where = `The host of ${host.node}`;
  const needs = `Kafka ${formatVersion(target)} needs Java ${minimum} or later and documents ${documented.join(', ')}.`;
  if (feature === null) {
    return [
      warning({
        seen: `${where} does not tell its Java version.`,
        why: needs,
        action: 'Check `java -version` as the user that runs Kafka.',
        source,
      }),
    ];
  }
  if (feature < minimum) {
    return [
      blocker('UnsupportedUpgradePath', {
        seen: `${where} has Java ${feature}.`,
        why: `${needs} Kafka would not start.`,
        action: `Install Java ${newest} first.`,
        source,
      }),
    ];
  }
  return feature <= newest
    ? []
    : [
        warning({
          seen: `${where} has Java ${feature}.`,
          why: `${needs} Newer Java is not tested with it.`,
          action: `Prefer Java ${newest} on this host.`,
          source,
        }),
      ];
};

/** Can the target run on the Java of every host, and is it documented to? */
export const assessJava = (hosts: readonly HostJava[], target: KafkaVersion): Finding[] => {
  const line = releaseLine(lineOf(target));
  return line === null ? [] : hosts.flatMap((host) => javaFinding(host, target, line));
};
