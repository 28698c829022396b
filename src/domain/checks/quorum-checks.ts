/** Findings about the controllers of a KRaft cluster, before anything is touched. */
import { isFragileQuorum, quorumAcceptance } from '../health/assess-quorum';
import { finalizedLevels } from './cluster-snapshot';
import { nodesWith } from '../cluster/node-roles';
import type { ClusterSnapshot } from './cluster-snapshot';
import { blocker, needsAcceptance, warning } from './finding';
import type { Finding } from './finding';
import { someOf } from '../health/gate';
import { kraftVersion } from '../knowledge/feature-levels';
import { readProperties } from '../settings/server-properties';

const checkVoters = ({ quorum, nodes }: ClusterSnapshot): Finding[] => {
  const controllers = nodesWith('controller', nodes);
  const source = 'DescribeQuorum (kafka-metadata-quorum.sh describe --status)';
  if (quorum === null || (quorum.leaderId ?? null) === null) {
    return [
      blocker('NodeUnhealthy', {
        seen: 'The controller quorum has no leader, or no broker tells it.',
        why: 'Without an active controller no broker stops gracefully and nothing can be finalized.',
        action: 'Repair the controllers first.',
        source,
      }),
    ];
  }
  const voters = quorum.voters.map(({ id }) => id);
  const missing = controllers.filter((id) => !voters.includes(id));
  const unknown = voters.filter((id) => !controllers.includes(id));
  return missing.length + unknown.length === 0
    ? []
    : [
        blocker('InvalidDefinition', {
          seen: `The voters of the controller quorum are ${someOf(voters, 20)}; the definition has controllers ${someOf(controllers, 20)}.`,
          why: 'A controller that is not upgraded stays on the old binary, one that is no voter protects nothing.',
          action: 'Make `nodes` and their `roles` in the definition agree with the quorum.',
          source,
        }),
      ];
};

const checkSize = ({ quorum }: ClusterSnapshot): Finding[] => {
  const size = quorum?.voters.length ?? 0;
  return size === 0 || !isFragileQuorum(size)
    ? []
    : [
        needsAcceptance({
          seen: `The controller quorum has ${size} voter${size === 1 ? '' : 's'}.`,
          why: 'While one controller restarts there is no majority: no leader is elected, no topic or group changes, and a broker that fails meanwhile is not replaced. Producers and consumers of healthy partitions go on.',
          action: `Add controllers first (three or five), or accept it by name: "${quorumAcceptance}".`,
          source: 'KIP-595',
        }),
      ];
};

/** With a static quorum every node finds the voters in its file; the shipped files of 4.x only name bootstrap servers. */
const checkStaticVoters = (snapshot: ClusterSnapshot): Finding[] => {
  if ((finalizedLevels(snapshot)[kraftVersion] ?? 0) > 0) return [];
  return snapshot.hosts
    .filter(({ properties }) => (readProperties(properties)['controller.quorum.voters'] ?? '').trim() === '')
    .map(({ nodeId, hostname }) =>
      blocker('InvalidDefinition', {
        seen: `Host of node ${nodeId} (${hostname}): ${snapshot.paths.config} has no controller.quorum.voters, and the quorum is static (kraft.version 0).`,
        why: 'With kraft.version 0 a node finds the voters only there; with controller.quorum.bootstrap.servers alone it does not start.',
        action: 'Put controller.quorum.voters back into the file of that node.',
        source: 'KIP-853; documentation, "KRaft", static and dynamic quorums',
      }),
    );
};

const checkGhostBrokers = ({ registered, nodes }: ClusterSnapshot): Finding[] => {
  const known = nodesWith('broker', nodes);
  const bootstrap = nodes.filter(({ id }) => id === known[0]).map(({ kafka }) => kafka);
  return (registered?.brokers ?? [])
    .filter((id) => !known.includes(id))
    .map((id) =>
      blocker('PlanBlocked', {
        seen: `Broker ${id} is registered in the metadata log, but is not in the definition.`,
        why: 'Kafka raises no feature while a registered broker, dead or alive, does not support it.',
        action: `If it is gone for good: bin/kafka-cluster.sh unregister --bootstrap-server ${bootstrap.join()} --id ${id}. If it lives, add it to the definition.`,
        source: 'FeatureControlManager.reasonNotSupported; KIP-584',
      }),
    );
};

const checkGhostControllers = ({ registered, nodes }: ClusterSnapshot): Finding[] => {
  const known = nodesWith('controller', nodes);
  return (registered?.controllers ?? [])
    .filter((id) => !known.includes(id))
    .map((id) =>
      warning({
        seen: `Controller ${id} is registered in the metadata log, but is not in the definition.`,
        why: 'From metadata.version 3.7-IV0 on Kafka raises no feature while a registered controller does not support it.',
        action: `Before 4.4 no command removes it (then: kafka-cluster.sh unregister-controller --id ${id}). Start a controller with id ${id} once on the new release, so that it registers anew, before gate "protocol".`,
        source: 'FeatureControlManager.reasonNotSupported; KIP-1312',
      }),
    );
};

const checkRegistrationsRead = ({ registered }: ClusterSnapshot): Finding[] =>
  registered !== null
    ? []
    : [
        warning({
          seen: 'The registrations in the metadata log could not be read on any controller.',
          why: 'A broker or controller that is gone but still registered makes Kafka refuse every feature.',
          action:
            'Check by hand: kafka-dump-log.sh --cluster-metadata-decoder, or kafka-cluster.sh list-endpoints --include-fenced-brokers (4.0 on).',
          source: 'FeatureControlManager.reasonNotSupported',
        }),
      ];

/** Everything about the quorum and the registrations. */
export const checkQuorumPlan = (snapshot: ClusterSnapshot): Finding[] =>
  [checkVoters, checkSize, checkStaticVoters, checkGhostBrokers, checkGhostControllers, checkRegistrationsRead].flatMap(
    (check) => check(snapshot),
  );
