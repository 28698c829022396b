/** Findings about the cluster and its hosts, before anything is touched: each a pure look at the snapshot. */
import { assessPath, releaseNotesBetween } from './upgrade-path';
import type { NodeId } from '../cluster/cluster';
import { isFragileQuorum, quorumAcceptance } from '../health/assess-quorum';
import { requireNode } from './cluster-snapshot';
import { checkClients, losesClients, oldClientAcceptance } from './client-checks';
import { nodesWith } from '../cluster/node-roles';
import type { ClusterSnapshot } from './cluster-snapshot';
import { checkKraft } from './kraft-checks';
import { nodeWords } from '../cluster/node-words';
import { checkSettings } from './settings-lint';
import { checkLogging } from './logging-checks';
import { checkApprovals } from './approval-checks';
import type { PlanQuestion } from './kraft-checks';
import { levelsOf } from './downgrade-checks';
import { blocker, needsAcceptance, note } from './finding';
import type { Finding } from './finding';
import { checkEndToEndTopic } from './end-to-end';
import { someOf } from '../health/gate';
import { unprotectable } from '../cluster/partition-health';
import { checkResources } from './resource-checks';
import { checkClusterRisks } from './risk-checks';
import { checkLeases } from './lease-checks';
import { checkHost, runsItsBroker } from './host-checks';
import { protocolKey } from '../levels/protocol-version';
import { checkWayBack } from './way-back';
import { checkZooKeeper } from './zookeeper';

const upgradeDocs = 'Kafka documentation, "Upgrading"';

const wordsOf = (snapshot: Pick<ClusterSnapshot, 'nodes'>, id: NodeId): string =>
  nodeWords(requireNode(snapshot, id).roles, id);

/** Brokers of the definition and brokers of the cluster must be the same. */
const checkMembership = ({ nodes, views }: ClusterSnapshot): Finding[] => {
  const defined = nodesWith('broker', nodes);
  const registered = [...new Set(views.flatMap((view) => view.brokers.map(({ id }) => id)))];
  const missing = defined.filter((id) => !registered.includes(id));
  const unknown = registered.filter((id) => !defined.includes(id));
  const action = 'Make the cluster definition and the cluster agree.';
  return [
    ...missing.map((id) =>
      blocker('NodeUnhealthy', {
        seen: `Broker ${id} of the definition is not registered; online are ${someOf(registered, 20)}.`,
        why: 'No broker may be stopped while another is down.',
        action: `Start broker ${id} and wait until it is in sync, or correct the definition.`,
        source: 'design rule: one at a time',
      }),
    ),
    ...unknown.map((id) =>
      blocker('InvalidDefinition', {
        seen: `Broker ${id} is online but is not in the definition.`,
        why: 'It would stay on the old version: a mixed cluster for good.',
        action,
        source: upgradeDocs,
      }),
    ),
  ];
};

/** All brokers must belong to one Kafka cluster. */
const checkClusterId = ({ views }: ClusterSnapshot): Finding[] => {
  const ids = [...new Set(views.map((view) => view.clusterId))];
  return ids.length <= 1
    ? []
    : [
        blocker('InvalidDefinition', {
          seen: `The brokers belong to different clusters: ${views.map((view) => `${view.observedBy} → ${view.clusterId}`).join(', ')}.`,
          why: 'One definition must describe one cluster.',
          action: 'Correct `nodes` in the definition.',
          source: 'Metadata response, cluster id',
        }),
      ];
};

const checkPath = (snapshot: ClusterSnapshot, { target, sources, finalization }: PlanQuestion): Finding[] => {
  const path = assessPath({
    mode: snapshot.mode,
    sources,
    target,
    levels: levelsOf(snapshot),
    levelsLeft: snapshot.mode === 'kraft' ? finalization.length > 0 : undefined,
    protocols: Object.values(snapshot.running).flatMap((broker) => broker.config[protocolKey]?.value ?? []),
    javaVersions: snapshot.hosts.map(({ nodeId, javaVersion }) => ({ node: wordsOf(snapshot, nodeId), javaVersion })),
  });
  return path.findings;
};

const checkUnprotectable = (snapshot: ClusterSnapshot): Finding[] => {
  const topics = unprotectableTopics(snapshot);
  return topics.length === 0
    ? []
    : [
        needsAcceptance({
          seen: `${topics.length} topics cannot keep min.insync.replicas while one broker restarts: ${someOf(topics, 10)}.`,
          why: 'Their replication factor is 1, or not above min.insync.replicas: producers (and for one replica, consumers) of these partitions will wait or fail during the restart of each broker that holds one.',
          action: 'Raise their replication factor first, or accept them by name in the approval of the plan.',
          source: 'KIP-966; min.insync.replicas',
        }),
      ];
};

/** Topics with at least one partition that no one-at-a-time roll can keep at min.insync.replicas. */
const unprotectableTopics = ({ views, minInsyncReplicas }: ClusterSnapshot): string[] => {
  const partitions = views.flatMap((view) => view.partitions);
  const found = unprotectable(partitions, (topic) => minInsyncReplicas[topic] ?? Number.POSITIVE_INFINITY);
  return [...new Set(found.map(({ topic }) => topic))].sort();
};

/** What must be accepted by name, because no one-at-a-time roll protects it. */
export const mustAccept = (snapshot: ClusterSnapshot, target: string): string[] => {
  const voters = snapshot.quorum?.voters.length ?? 0;
  return [
    ...unprotectableTopics(snapshot),
    ...(voters > 0 && isFragileQuorum(voters) ? [quorumAcceptance] : []),
    ...(losesClients(snapshot, target) ? [oldClientAcceptance] : []),
  ];
};

/** ZooKeeper mode only: on KRaft the setting has no meaning. */
const checkPins = ({ mode, running }: ClusterSnapshot): Finding[] => {
  if (mode === 'kraft') return [];
  const unpinned = Object.entries(running).filter(([, broker]) => broker.config[protocolKey]?.source === 'default');
  return unpinned.length === 0
    ? []
    : [
        note({
          seen: `inter.broker.protocol.version is not set on broker ${someOf(unpinned.map(([id]) => id))}.`,
          why: 'Unset, it defaults to the newest level of whatever binary starts: the first new binary would speak the new protocol and could not go back.',
          action: 'Nothing: it is pinned on every host before the first stop.',
          source: 'kafka.server.KafkaConfig, inter.broker.protocol.version',
        }),
      ];
};

/** Only where the broker of the definition runs: what is wrong with the other hosts is told already. */
const checkMeasurable = ({ running, hosts, nodes }: ClusterSnapshot): Finding[] =>
  hosts
    .filter(runsItsBroker)
    .map(({ nodeId }) => [nodeId, running[nodeId]] as const)
    .filter(([, broker]) => (broker?.version ?? null) === null)
    .map(([id, broker]) =>
      blocker('NodeUnhealthy', {
        seen: `The version that ${wordsOf({ nodes }, id)} runs cannot be read over JMX (${broker?.versionTrouble ?? 'no sample'}).`,
        why: 'Gates need the gauges of every broker; what cannot be measured is not healthy.',
        action:
          'Enable JMX on the node (JMX_PORT) and check its `jmx` in the definition, or the agent that `gauges` names.',
        source: 'kafka.server:type=app-info, attribute Version',
      }),
    );

const releaseNotes = (sources: string[], target: string, mode: ClusterSnapshot['mode']): Finding[] =>
  releaseNotesBetween(sources, target, mode).map((entry) =>
    note({
      seen: `Kafka ${entry.since}: ${entry.title}`,
      why: entry.detail,
      action: entry.action,
      source: entry.source,
    }),
  );

/** Every finding of a plan, the gravest first. */
export const findingsOf = (snapshot: ClusterSnapshot, question: PlanQuestion): Finding[] => {
  const { target, sources } = question;
  const order = ['blocker', 'needs-acceptance', 'warning', 'note'];
  const path = checkPath(snapshot, question);
  // Nobody is asked to install a release that the cluster must not go to.
  const possible = path.some(({ severity }) => severity === 'blocker') ? null : target;
  return [
    ...path,
    ...checkMembership(snapshot),
    ...checkClusterId(snapshot),
    ...checkLeases(snapshot, question),
    ...snapshot.hosts.flatMap((host) => checkHost(host, snapshot, possible)),
    ...(possible === null ? [] : checkWayBack(snapshot, question)),
    ...checkMeasurable(snapshot),
    ...checkKraft(snapshot, question),
    ...checkLogging(snapshot, question),
    ...checkSettings(snapshot, question),
    ...checkUnprotectable(snapshot),
    ...checkClusterRisks(snapshot),
    ...checkResources(snapshot),
    ...checkEndToEndTopic(snapshot),
    ...checkZooKeeper(snapshot, question.target),
    ...checkClients(snapshot, question),
    ...checkPins(snapshot),
    ...checkApprovals(snapshot, question.requester),
    ...releaseNotes(sources, target, snapshot.mode),
  ].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
};
