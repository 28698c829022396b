/** The gates after a start and around a phase: what each of them checks; how they wait is in gate-watch. */
import { checkCluster } from '../domain/health/assess-cluster';
import { checkNode, checkProtocol, checkVersion } from '../domain/health/assess-node';
import type { NodeExpectation } from '../domain/health/assess-node';
import type { NodeId } from '../domain/cluster/cluster';
import { UpgradeError } from '../domain/common/failure';
import { checkGroups } from '../domain/health/assess-groups';
import type { GateCheck } from '../domain/health/gate';
import type { LagAssessmentInput } from '../domain/lag/lag';
import type { ClusterMeasurement } from '../domain/health/measurement';
import type { BrokerHost } from '../hosts/broker-host';
import { leftBehind, operationContext } from './activity-context';
import type { ActivityDependencies, ClusterAccess } from './cluster-access';
import { ContactWatch, contactLimitMs } from './contact-watch';
import type { AwaitClusterInput, AwaitNodeInput, AwaitNodeResult } from './contract';
import { EndToEnd } from './end-to-end';
import { GateWatch } from './gate-watch';
import type { Gate } from './gate-watch';
import { openPlanned, wordsFor } from './open-cluster';
import { capitalized } from '../domain/cluster/node-words';
import { PreferredLeaders } from './preferred-leaders';
import { protocolKey } from '../domain/levels/protocol-version';

/** Where heartbeats tell since when the host of the node has not answered (ms since the epoch). */
const silentSinceField = 'hostSilentSinceMs';

/** inter.broker.protocol.version of the running broker; null when it does not answer. It cannot change while it runs. */
const runningProtocol = async (access: ClusterAccess, nodeId: NodeId): Promise<string | null> => {
  try {
    const config = await access.kafka.brokerConfig(nodeId, [protocolKey], operationContext().signal);
    return config[protocolKey]?.value ?? null;
  } catch (error) {
    if (error instanceof UpgradeError && error.type === 'BrokerUnreachable') return null;
    throw error;
  }
};

const checkLag = async (
  access: ClusterAccess,
  rules: Pick<LagAssessmentInput, 'restartedAtMs' | 'acceptedGroups'>,
): Promise<GateCheck> => {
  await access.lag.freshSample(rules.restartedAtMs, operationContext().signal);
  return checkGroups(access.lag.assess({ ...rules, nowMs: Date.now() }));
};

/** Does the node itself answer, by Kafka's protocol or with its gauges? Then its process lives, whatever its host's sshd does. */
const answers = ({ views, gauges }: ClusterMeasurement, nodeId: NodeId): boolean =>
  views.some(({ observedBy }) => observedBy === nodeId) || (gauges[nodeId] ?? null) !== null;

/** The looks at the process of a node that is waited for, and at whether its host still answers. */
class ProcessWatch {
  private readonly contact: ContactWatch;
  private readonly host: BrokerHost;
  private readonly who: string;

  constructor(
    access: ClusterAccess,
    private readonly nodeId: NodeId,
  ) {
    const sinceMs = leftBehind(silentSinceField);
    this.contact = new ContactWatch(contactLimitMs, typeof sinceMs === 'number' ? sinceMs : null);
    this.host = access.host(nodeId);
    this.who = wordsFor(access, nodeId);
  }

  /** Throws `StartFailed` when the process is gone, `HostLost` when nobody has heard of the host for too long. */
  async look(measurement: ClusterMeasurement): Promise<void> {
    if (answers(measurement, this.nodeId)) return;
    const what = `looking for the process of ${this.who} on ${this.host.address}`;
    // undefined: the host did not answer.
    if ((await this.contact.try((context) => this.host.findProcess(context), { what })) !== null) return;
    const reading = `reading the log of ${this.who} on ${this.host.address}`;
    const tail = await this.contact.try((context) => this.host.logTail(15, context), { what: reading });
    if (tail === undefined) return;
    throw new UpgradeError(
      'StartFailed',
      `${capitalized(this.who)} on ${this.host.address} died after its start. Log: ${tail.slice(-1_500)}`,
    );
  }

  state(): ReturnType<Gate['state']> {
    return { details: { [silentSinceField]: this.contact.silentSinceMs }, words: this.contact.words() };
  }
}

/** Waits until a restarted node is back and the cluster around it is whole, for the soak of the policy. */
export const awaitNodeHealthy = async (
  dependencies: ActivityDependencies,
  input: AwaitNodeInput,
): Promise<AwaitNodeResult> => {
  const access = await openPlanned(dependencies, input);
  const { nodeId, restartedAtMs, acceptedGroups = [] } = input;
  let protocol: string | null = null;
  const leaders = new PreferredLeaders(access, nodeId);
  const records = new EndToEnd(access);
  const watch = new ProcessWatch(access, nodeId);
  return new GateWatch(access, {
    about: nodeId,
    soakMs: access.definition.policy.soakMs,
    check: async (measurement) => {
      if (input.protocol !== null) protocol ??= await runningProtocol(access, nodeId);
      return checkNode(measurement, input, protocol);
    },
    policyCheck: async (measurement) => [
      ...(await leaders.check(measurement)),
      ...(await records.check(measurement)),
      await checkLag(access, { restartedAtMs, acceptedGroups }),
    ],
    whileClosed: (measurement) => watch.look(measurement),
    state: () => watch.state(),
  }).wait();
};

const checkExpected = async (
  access: ClusterAccess,
  measurement: ClusterMeasurement,
  expected: NodeExpectation[],
): Promise<GateCheck[]> => {
  const protocols = await Promise.all(
    expected.map(async ({ nodeId, protocol }) => (protocol === null ? null : runningProtocol(access, nodeId))),
  );
  return expected.flatMap((expectation, index) => [
    checkVersion(measurement, expectation),
    ...checkProtocol(protocols[index] ?? null, expectation),
  ]);
};

/** Waits until the whole cluster is healthy: before a roll, and after it with every node as planned. */
export const awaitClusterHealthy = async (
  dependencies: ActivityDependencies,
  input: AwaitClusterInput,
): Promise<AwaitNodeResult> => {
  const access = await openPlanned(dependencies, input);
  const rules = { restartedAtMs: Date.now(), acceptedGroups: input.acceptedGroups ?? [] };
  const records = new EndToEnd(access);
  return new GateWatch(access, {
    about: null,
    soakMs: input.soak ? access.definition.policy.soakMs : 0,
    check: async (measurement) => [
      ...checkCluster(measurement),
      ...(input.expected === null ? [] : await checkExpected(access, measurement, input.expected)),
    ],
    policyCheck: async (measurement) => [
      ...(await records.check(measurement)),
      ...(input.soak ? [await checkLag(access, rules)] : []),
    ],
    whileClosed: () => Promise.resolve(),
    state: () => ({ details: {}, words: null }),
  }).wait();
};
