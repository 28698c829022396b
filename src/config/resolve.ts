import { isAbsolute, join, resolve } from 'node:path';

import { type ConsumerLagPolicy, defaultPolicy, type UpgradePolicy } from '../domain/policy/policy';
import type { ClusterDefinition, GaugesDefinition, ServiceDefinition } from './definition';
import { resolveApprovals, resolveMaintenance } from './resolve-approvals';
import { resolveChannels, resolveSilence } from './resolve-notices';
import { kafkaAddress } from './kafka-address';
import type { ParsedDefinition } from './parse-definition';
import type { WrittenDefinition } from './schema';

/** Where the relative paths of a definition start. */
export interface ResolveContext {
  /** Directory of the definition file. */
  directory: string;
  /** Home directory of the worker's user, for `~/`. */
  home: string;
}

const onWorker = (path: string, { directory, home }: ResolveContext): string => {
  if (path === '~' || path.startsWith('~/')) return join(home, path.slice(1));
  return isAbsolute(path) ? path : resolve(directory, path);
};

const ms = (seconds: number | undefined, fallback: number): number =>
  seconds === undefined ? fallback : Math.round(seconds * 1000);

const resolveLagPolicy = (written: WrittenDefinition['policy']['consumerLag']): ConsumerLagPolicy => {
  const { consumerLag } = defaultPolicy;
  return {
    sampleIntervalMs: written.sampleIntervalMs ?? consumerLag.sampleIntervalMs,
    stalledAfterMs: ms(written.stalledAfterSeconds, consumerLag.stalledAfterMs),
    growingAfterMs: ms(written.growingAfterSeconds, consumerLag.growingAfterMs),
    rebalanceToleranceMs: ms(written.rebalanceToleranceSeconds, consumerLag.rebalanceToleranceMs),
    ignoredGroups: written.ignoredGroups ?? consumerLag.ignoredGroups,
    ignoredTopics: written.ignoredTopics ?? consumerLag.ignoredTopics,
  };
};

const resolvePolicy = ({
  consumerLag,
  approvals,
  maintenance,
  ...written
}: WrittenDefinition['policy']): UpgradePolicy => ({
  pollIntervalMs: written.pollIntervalMs ?? defaultPolicy.pollIntervalMs,
  soakMs: ms(written.soakSeconds, defaultPolicy.soakMs),
  healthyDeadlineMs: ms(written.healthyDeadlineSeconds, defaultPolicy.healthyDeadlineMs),
  stopTimeoutMs: ms(written.stopTimeoutSeconds, defaultPolicy.stopTimeoutMs),
  startTimeoutMs: ms(written.startTimeoutSeconds, defaultPolicy.startTimeoutMs),
  minIsrMargin: written.minIsrMargin ?? defaultPolicy.minIsrMargin,
  preferredLeaders: written.preferredLeaders ?? defaultPolicy.preferredLeaders,
  endToEndTopic: written.endToEndTopic ?? defaultPolicy.endToEndTopic,
  consumerLag: resolveLagPolicy(consumerLag),
  approvals: resolveApprovals(approvals),
  maintenance: resolveMaintenance(maintenance),
});

const resolveService = (service: WrittenDefinition['service']): ServiceDefinition =>
  service.type === 'commands'
    ? service
    : { ...service, logging: { log4j: service.logging.log4j ?? null, log4j2: service.logging.log4j2 ?? null } };

const resolveGauges = ({ gauges, nodes }: WrittenDefinition): GaugesDefinition => {
  if (gauges.source === 'jmxtool') return gauges;
  const { source, port, path } = gauges;
  const urls = Object.fromEntries(
    nodes.map(({ id, host, gaugesUrl }) => {
      const name = host.includes(':') ? `[${host}]` : host;
      return [id, gaugesUrl ?? `http://${name}:${port}${path}`];
    }),
  );
  return source === 'jolokia' ? { source, urls } : { source, urls, metrics: gauges.metrics };
};

/** Left out when there are none: definitions without them are as they always were. */
const resolveNotices = (
  { notifications, alertSilence }: WrittenDefinition,
  inWorker: (path: string) => string,
): Pick<ClusterDefinition, 'notifications' | 'alertSilence'> => ({
  ...(notifications.length === 0 ? {} : { notifications: resolveChannels(notifications, inWorker) }),
  ...(alertSilence === undefined ? {} : { alertSilence: resolveSilence(alertSilence, inWorker) }),
});

/** The definition with every default filled in and every path of the worker absolute. */
export const resolveDefinition = (parsed: ParsedDefinition, context: ResolveContext): ClusterDefinition => {
  const written = parsed.definition;
  const { ssh, paths, disasterRecovery } = written;
  const { probe } = disasterRecovery;
  return {
    cluster: written.cluster,
    mode: written.mode,
    nodes: written.nodes.map((node) => {
      const roles = node.roles ?? ['broker'];
      return {
        id: node.id,
        roles,
        host: node.host,
        sshPort: node.sshPort ?? ssh.port,
        kafka: kafkaAddress(node, roles),
        jmx: node.jmx,
      };
    }),
    ssh: {
      user: ssh.user,
      privateKeyFile: ssh.privateKeyFile === undefined ? null : onWorker(ssh.privateKeyFile, context),
      knownHostsFile: onWorker(ssh.knownHostsFile, context),
      connectTimeoutMs: ms(ssh.connectTimeoutSeconds, 0),
    },
    paths: { ...paths, state: `${paths.state}/${written.cluster}`, logs: paths.logs ?? `${paths.current}/logs` },
    service: resolveService(written.service),
    gauges: resolveGauges(written),
    disasterRecovery: {
      probe:
        probe === undefined
          ? null
          : { command: probe.command, node: probe.node, timeoutMs: ms(probe.timeoutSeconds, 0) },
    },
    policy: resolvePolicy(written.policy),
    ...resolveNotices(written, (path) => onWorker(path, context)),
    written: parsed.written,
  };
};
