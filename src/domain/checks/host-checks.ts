/** Findings about one host: is it the broker that the definition says, and can its release be switched? */
import type { ClusterMode, HostFacts, NodeRole } from '../cluster/cluster';
import { requireNode } from './cluster-snapshot';
import type { ClusterSnapshot } from './cluster-snapshot';
import { blocker } from './finding';
import type { Finding } from './finding';
import { releaseProblem } from '../cluster/release';
import { readProperties } from '../settings/server-properties';

interface HostQuestion {
  host: HostFacts;
  /** The host in words. */
  where: string;
  properties: Record<string, string>;
  paths: ClusterSnapshot['paths'];
  mode: ClusterMode;
  roles: readonly NodeRole[];
}

/** What the file says of the node's id; nothing when it leaves the id to Kafka, as -1 does. */
const writtenIds = (properties: Record<string, string>): [key: string, id: string][] =>
  ['broker.id', 'node.id'].flatMap((key): [string, string][] => {
    const id = properties[key];
    return id === undefined || Number(id) === -1 ? [] : [[key, id]];
  });

const isBroker = (nodeId: number, properties: Record<string, string>): boolean =>
  writtenIds(properties).every(([, id]) => Number(id) === nodeId);

/** Can the gauges of the defined broker be expected on this host? Not where another one, or none, runs. */
export const runsItsBroker = ({ nodeId, process, properties }: HostFacts): boolean =>
  process !== null && isBroker(nodeId, readProperties(properties));

const checkBrokerId = ({ host, where, properties, paths }: HostQuestion): Finding[] =>
  writtenIds(properties)
    .filter(([, id]) => Number(id) !== host.nodeId)
    .map(([key, id]) =>
      blocker('WrongNodeOnHost', {
        seen: `${where} has ${key}=${id} in ${paths.config}.`,
        why: 'The definition would stop another node than it says.',
        action: 'Correct `nodes` in the definition.',
        source: 'server.properties',
      }),
    );

const rolesIn = (properties: Record<string, string>): string[] =>
  (properties['process.roles'] ?? '')
    .split(',')
    .map((role) => role.trim())
    .filter((role) => role !== '')
    .sort();

/** `process.roles` decides how a node is upgraded, so the definition must know them. */
const checkRoles = ({ where, properties, paths, roles }: HostQuestion): Finding[] => {
  const written = rolesIn(properties);
  return written.join() === [...roles].sort().join()
    ? []
    : [
        blocker('InvalidDefinition', {
          seen: `${where}: ${paths.config} says process.roles=${written.join(',') || 'nothing'}; the definition says ${roles.join(', ')}.`,
          why: 'Controllers are upgraded before brokers, and guarded by the quorum.',
          action: 'Correct `roles` (or `mode`) of that node in the definition.',
          source: 'server.properties, process.roles',
        }),
      ];
};

const checkZooKeeperMode = ({ where, properties, paths }: HostQuestion): Finding[] =>
  properties['process.roles'] === undefined && properties['zookeeper.connect'] !== undefined
    ? []
    : [
        blocker('InvalidDefinition', {
          seen: `${where}: ${paths.config} is not the file of a ZooKeeper broker.`,
          why: 'The definition says mode zookeeper; KRaft is upgraded in another way.',
          action: 'Correct `mode` or `paths.config` in the definition.',
          source: 'Kafka documentation, "Upgrading"',
        }),
      ];

const checkMode = (question: HostQuestion): Finding[] =>
  question.mode === 'kraft' ? checkRoles(question) : checkZooKeeperMode(question);

const checkProcess = ({ host, where, paths }: HostQuestion): Finding[] =>
  host.process !== null
    ? []
    : [
        blocker('WrongNodeOnHost', {
          seen: `${where} runs no Kafka process with ${paths.config}.`,
          why: 'The process must be found for certain before it can be stopped.',
          action: 'Correct `host` or `paths.config` in the definition, or start the broker.',
          source: 'process list of the host',
        }),
      ];

const checkLink = ({ host, where, paths }: HostQuestion): Finding[] =>
  host.currentRelease !== null
    ? []
    : [
        blocker('InvalidDefinition', {
          seen: `${where}: ${paths.current} is not a symbolic link to a release.`,
          why: 'Releases are switched by that link, in one atomic step.',
          action: `Make ${paths.current} a link to the release that runs, or correct \`paths.current\`.`,
          source: 'file system of the host',
        }),
      ];

const checkTargetRelease = ({ host, where, paths }: HostQuestion, target: string): Finding[] => {
  const problem = releaseProblem(host.targetRelease, paths.releases, target);
  return problem === null
    ? []
    : [
        blocker('ReleaseMissing', {
          seen: `${where}: ${problem}.`,
          why: 'Every release must be staged before the first stop.',
          action: `Install Kafka ${target} there on that host.`,
          source: 'file system of the host',
        }),
      ];
};

/** A host at the start of a sentence. */
export const hostWords = ({ nodeId, hostname }: HostFacts, mode: ClusterMode): string =>
  `Host of ${mode === 'kraft' ? 'node' : 'broker'} ${nodeId} (${hostname})`;

/** Everything about one host that would end the upgrade before it starts; no `target`: none that may be installed. */
export const checkHost = (
  host: HostFacts,
  { mode, nodes, paths }: Pick<ClusterSnapshot, 'mode' | 'nodes' | 'paths'>,
  target: string | null,
): Finding[] => {
  const where = hostWords(host, mode);
  const { roles } = requireNode({ nodes }, host.nodeId);
  const question = { host, where, properties: readProperties(host.properties), paths, mode, roles };
  return [
    ...[checkBrokerId, checkMode, checkProcess, checkLink].flatMap((check) => check(question)),
    ...(target === null ? [] : checkTargetRelease(question, target)),
  ];
};
