/**
 * Who is connected, and who will be cut off? From 4.0 on, brokers refuse the request versions of clients before 2.1
 * (KIP-896); 3.7 to 3.9 count them (`DeprecatedRequestsPerSec`). Clients name themselves since KIP-511 (Java 2.4).
 */
import type { NodeId } from '../cluster/cluster';
import type { ClusterSnapshot } from './cluster-snapshot';
import { needsAcceptance, note, warning } from './finding';
import type { Finding } from './finding';
import { someOf } from '../health/gate';
import { nodesWith } from '../cluster/node-roles';
import type { ClientSoftware, ConnectedClients } from './risk-facts';
import { parseVersion } from '../cluster/version';

/** What is accepted at gate `plan` when clients would be cut off. */
export const oldClientAcceptance = 'deprecated-clients';

const known = ({ risks }: Pick<ClusterSnapshot, 'risks'>): ConnectedClients[] =>
  Object.values(risks.clients).flatMap((clients) => clients ?? []);

/** Who has sent requests that the target no longer takes, one sentence each; nothing when the target takes them. */
const cutOff = (snapshot: Pick<ClusterSnapshot, 'risks'>, target: string): string[] => {
  if ((parseVersion(target)?.major ?? 0) < 4) return [];
  const byClient = new Map<string, { count: number; requests: Set<string> }>();
  for (const { clientName, clientVersion, request, version, count } of known(snapshot).flatMap((c) => c.deprecated)) {
    if (count === 0) continue;
    const client = clientName === 'unknown' ? 'a client that does not name itself' : `${clientName} ${clientVersion}`;
    const entry = byClient.get(client) ?? { count: 0, requests: new Set<string>() };
    entry.count += count;
    entry.requests.add(`${request} v${version}`);
    byClient.set(client, entry);
  }
  return [...byClient].map(
    ([client, { count, requests }]) => `${client}: ${count} requests (${someOf([...requests])})`,
  );
};

/** Must somebody accept that clients will be cut off? */
export const losesClients = (snapshot: Pick<ClusterSnapshot, 'risks'>, target: string): boolean =>
  cutOff(snapshot, target).length > 0;

const checkCutOff = (snapshot: ClusterSnapshot, target: string): Finding[] => {
  const clients = cutOff(snapshot, target);
  return clients.length === 0
    ? []
    : [
        needsAcceptance({
          seen: `Clients use requests that Kafka ${target} no longer takes: ${someOf(clients, 10)} since their brokers started.`,
          why: 'They are cut off broker by broker while the binaries are rolled, and cannot come back.',
          action: `Move them to client libraries of at least Kafka 2.1 first; or accept it as ${oldClientAcceptance} in the approval of the plan.`,
          source: 'KIP-896; kafka.network:type=RequestMetrics,name=DeprecatedRequestsPerSec',
        }),
      ];
};

const software = (clients: readonly ClientSoftware[]): string[] => {
  const kinds = new Map<string, number>();
  for (const { name, version, listener, connections } of clients) {
    const kind = `${name === 'unknown' ? 'not named' : `${name} ${version}`} on ${listener}`;
    kinds.set(kind, (kinds.get(kind) ?? 0) + connections);
  }
  return [...kinds].sort(([, a], [, b]) => b - a).map(([kind, connections]) => `${kind}: ${connections}`);
};

const checkConnected = (snapshot: ClusterSnapshot): Finding[] => {
  const kinds = software(known(snapshot).flatMap((clients) => clients.software));
  return kinds.length === 0
    ? []
    : [
        note({
          seen: `Connected now (connections): ${someOf(kinds, 12)}.`,
          why: 'Every client from 2.1 on works with old, mixed and new brokers; newer ones may move to the new libraries after the upgrade.',
          action: 'Compare with who should be there. One connection to each broker, not named, is this product.',
          source: 'KIP-511; kafka.server:type=socket-server-metrics',
        }),
      ];
};

/** Brokers count deprecated requests from 3.7 on only; from 4.0 on they refuse them. */
const uncounted = ({ nodes, running }: ClusterSnapshot): NodeId[] =>
  nodesWith('broker', nodes).filter((id) => {
    const parsed = parseVersion(running[id]?.version ?? '');
    return parsed?.major === 3 && parsed.minor < 7;
  });

const checkBlindness = (snapshot: ClusterSnapshot, target: string): Finding[] => {
  const unseen = Object.entries(snapshot.risks.clients).flatMap(([id, clients]) =>
    clients === null ? [Number(id)] : [],
  );
  const blind = (parseVersion(target)?.major ?? 0) < 4 ? [] : uncounted(snapshot);
  const nodes = [...new Set([...unseen, ...blind])];
  return nodes.length === 0
    ? []
    : [
        warning({
          seen: `Who is connected to broker ${someOf(nodes)}, or with which requests, cannot be told.`,
          why: 'Brokers count requests that 4.0 no longer takes from 3.7 on, and JmxTool lists connections from 3.5 on.',
          action: 'Ask the owners of the clients: everything from Kafka 2.1 on (Java) may stay.',
          source: 'KIP-896, KIP-511',
        }),
      ];
};

/** Everything about the clients of the cluster. */
export const checkClients = (snapshot: ClusterSnapshot, { target }: { target: string }): Finding[] => [
  ...checkCutOff(snapshot, target),
  ...checkBlindness(snapshot, target),
  ...checkConnected(snapshot),
];
