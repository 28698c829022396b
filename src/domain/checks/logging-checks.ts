/**
 * Kafka 4.0 went from Log4j 1 to Log4j 2 (KIP-653): another file, another system property. With the wrong one a broker
 * starts, works, and logs nothing.
 */
import type { ClusterSnapshot } from './cluster-snapshot';
import { blocker, warning } from './finding';
import type { Finding } from './finding';
import { parseVersion, requireVersion } from '../cluster/version';

const source = 'KIP-653; bin/kafka-run-class.sh of 4.0';

const checkFiles = ({ hosts, logging }: ClusterSnapshot, wanted: string | null): Finding[] =>
  wanted === null
    ? []
    : hosts
        .filter(({ missingFiles }) => missingFiles.includes(wanted))
        .map(({ nodeId, hostname }) =>
          blocker('InvalidDefinition', {
            seen: `Host of node ${nodeId} (${hostname}): ${wanted} is not there or cannot be read.`,
            why: `The target is started with it (service.logging.${wanted === logging.log4j2 ? 'log4j2' : 'log4j'}); without it the broker logs nothing.`,
            action: 'Put the file there on every host, or correct `service.logging` in the definition.',
            source,
          }),
        );

const checkUnknown = ({ logging }: ClusterSnapshot): Finding[] =>
  logging.known
    ? []
    : [
        warning({
          seen: 'The service is started by commands of its own; which logging configuration it uses is not known here.',
          why: 'From 4.0 on -Dlog4j.configuration of Log4j 1 is only read through a bridge, and only from a file named log4j*.properties or *.xml.',
          action:
            'Look at KAFKA_LOG4J_OPTS of the service on every host; from 4.0 on it should be -Dlog4j2.configurationFile=file:....',
          source,
        }),
      ];

const checkOptions = ({ logging: { options } }: ClusterSnapshot): Finding[] =>
  options?.includes('log4j.configuration=') === true
    ? [
        warning({
          seen: `service.environment sets KAFKA_LOG4J_OPTS=${options} for every release.`,
          why: 'That is Log4j 1: from 4.0 on it is only read through a bridge, and only from a file named log4j*.properties or *.xml; otherwise the broker logs nothing.',
          action: 'Use `service.logging` with a file for each generation instead.',
          source,
        }),
      ]
    : [];

const checkOwnFile = ({ logging: { log4j, log4j2 } }: ClusterSnapshot): Finding[] =>
  log4j !== null && log4j2 === null
    ? [
        warning({
          seen: `service.logging has a file for Log4j 1 (${log4j}) and none for Log4j 2.`,
          why: "From 4.0 on the release's own config/log4j2.yaml is used: your levels, appenders and paths are gone.",
          action: 'Translate the file and name it as `service.logging.log4j2`.',
          source,
        }),
      ]
    : [];

/** The other way round, on the way to an older release. */
const checkNewFile = ({ logging: { log4j, log4j2 } }: ClusterSnapshot): Finding[] =>
  log4j2 !== null && log4j === null
    ? [
        warning({
          seen: `service.logging has a file for Log4j 2 (${log4j2}) and none for Log4j 1.`,
          why: "Before 4.0 the release's own config/log4j.properties is used: your levels, appenders and paths are gone.",
          action: 'Name the file for Log4j 1 as `service.logging.log4j`.',
          source,
        }),
      ]
    : [];

/** Will the target log, where and as the nodes do now? */
export const checkLogging = (
  snapshot: ClusterSnapshot,
  { target, sources }: { target: string; sources: string[] },
): Finding[] => {
  const { logging } = snapshot;
  const toLog4j2 = requireVersion(target, 'target').major >= 4;
  const files = checkFiles(snapshot, toLog4j2 ? logging.log4j2 : logging.log4j);
  const crossesBack = !toLog4j2 && sources.some((version) => (parseVersion(version)?.major ?? 0) >= 4);
  if (crossesBack) return [...files, ...checkNewFile(snapshot)];
  const crosses = toLog4j2 && sources.some((version) => (parseVersion(version)?.major ?? 4) < 4);
  return crosses ? [...files, ...checkUnknown(snapshot), ...checkOptions(snapshot), ...checkOwnFile(snapshot)] : files;
};
