/** Reads that close a phase: every host's file, every running version, every connected kind of client. */
import { brokersOf } from '../domain/cluster/node-roles';
import type { ConfigValue, NodeId } from '../domain/cluster/cluster';
import type { NodeProblem } from '../domain/health/node-problem';
import { sameProtocol, protocolKey } from '../domain/levels/protocol-version';
import { operationContext } from './activity-context';
import type { ActivityDependencies, ClusterAccess } from './cluster-access';
import type { ClusterRef, EvidenceResult, ProbeResult, VerifyNodesInput, VerifyNodesResult } from './contract';
import { openPlanned, wordsFor } from './open-cluster';

/** A fresh sample; the streams report several times a second. */
const gaugeTimeoutMs = 10_000;

interface NodeReading {
  nodeId: NodeId;
  version: string | null;
  protocol: string | null;
  sha256: string;
}

const readNode = async (access: ClusterAccess, nodeId: NodeId, withProtocol: boolean): Promise<NodeReading> => {
  const none: Record<string, ConfigValue> = {};
  const context = operationContext();
  access.gauges.open(nodeId);
  const [gauges, config, file] = await Promise.all([
    access.gauges.next(nodeId, gaugeTimeoutMs, context.signal),
    withProtocol ? access.kafka.brokerConfig(nodeId, [protocolKey], context.signal) : none,
    access.host(nodeId).readProperties(context),
  ]);
  return {
    nodeId,
    version: gauges?.version ?? null,
    protocol: config[protocolKey]?.value ?? null,
    sha256: file.sha256,
  };
};

const runningProblems = (seen: NodeReading, wanted: VerifyNodesInput['nodes'][number], who: string): NodeProblem[] => [
  ...(seen.version === null
    ? [{ type: 'NodeUnhealthy' as const, message: `${who} runs an unmeasurable version, not ${wanted.version}` }]
    : []),
  ...(seen.version === null || seen.version === wanted.version
    ? []
    : [{ type: 'WrongRelease' as const, message: `${who} runs ${seen.version}, not ${wanted.version}` }]),
  ...(wanted.protocol === null || (seen.protocol !== null && sameProtocol(seen.protocol, wanted.protocol))
    ? []
    : [
        {
          type: 'WrongProtocol' as const,
          message: `${who} speaks protocol ${seen.protocol ?? 'unknown'}, not ${wanted.protocol}`,
        },
      ]),
];

const fileProblems = (
  seen: NodeReading,
  { sha256 }: VerifyNodesInput['nodes'][number],
  address: string,
): NodeProblem[] =>
  seen.sha256 === sha256
    ? []
    : [
        {
          type: 'ConfigDrift',
          message: `server.properties on ${address} was changed by somebody else (checksum ${seen.sha256.slice(0, 8)} instead of ${sha256.slice(0, 8)})`,
        },
      ];

/** Are all nodes, in file and in memory, what the phase made of them? Problems are told, not thrown. */
export const verifyNodes = async (
  dependencies: ActivityDependencies,
  input: VerifyNodesInput,
): Promise<VerifyNodesResult> => {
  const access = await openPlanned(dependencies, input);
  const results = await Promise.all(
    input.nodes.map(async (wanted) => {
      const seen = await readNode(access, wanted.nodeId, wanted.protocol !== null);
      const who = wordsFor(access, wanted.nodeId);
      const problems = [
        ...runningProblems(seen, wanted, who),
        ...fileProblems(seen, wanted, access.host(wanted.nodeId).address),
      ];
      const evidence = `${who}: version ${seen.version ?? '?'}${wanted.protocol === null ? '' : `, protocol ${seen.protocol ?? '?'}`}, server.properties ${seen.sha256.slice(0, 8)}`;
      return { problems, evidence };
    }),
  );
  return { problems: results.flatMap(({ problems }) => problems), evidence: results.map(({ evidence }) => evidence) };
};

/** Runs the configured probe of the disaster-recovery path on its host. */
export const probeDisasterRecovery = async (
  dependencies: ActivityDependencies,
  input: ClusterRef,
): Promise<ProbeResult> => {
  const access = await openPlanned(dependencies, input);
  const { probe } = access.definition.disasterRecovery;
  if (probe === null) return { passed: false, evidence: ['no probe is configured'] };
  const host = access.host(probe.node);
  const { exitCode, output } = await host.probe(probe.command, probe.timeoutMs, operationContext());
  const words = `${host.address}: \`${probe.command}\` ended with exit code ${exitCode}: ${output.slice(-500)}`;
  return { passed: exitCode === 0, evidence: [words] };
};

/** Which client software still connects, over all brokers: who may move on to the new release now (S9). */
export const reportClients = async (dependencies: ActivityDependencies, input: ClusterRef): Promise<EvidenceResult> => {
  const access = await openPlanned(dependencies, input);
  const { signal } = operationContext();
  const found = await Promise.all(brokersOf(access.definition).map((id) => access.gauges.clients(id, signal)));
  const kinds = new Map<string, { connections: number; nodes: Set<NodeId> }>();
  for (const { name, version, listener, connections, nodeId } of found.flatMap(({ software: clients }) => clients)) {
    const software = name === 'unknown' ? 'clients that do not name themselves' : `${name} ${version}`;
    const key = `${software} on listener ${listener}`;
    const kind = kinds.get(key) ?? { connections: 0, nodes: new Set<NodeId>() };
    kind.connections += connections;
    kind.nodes.add(nodeId);
    kinds.set(key, kind);
  }
  const evidence = [...kinds]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([key, { connections, nodes }]) => `${key}: ${connections} connections, on brokers ${[...nodes].join(', ')}`);
  return { evidence };
};
