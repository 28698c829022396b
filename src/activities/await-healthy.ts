/**
 * The gates after a start and around a phase: measure, assess, again, until everything has been successful for the soak.
 * One bad sample restarts the soak. The end of `healthyDeadlineMs` without success is a verdict, not an error.
 */
import { checkCluster } from '../domain/health/assess-cluster';
import { checkNode, checkProtocol, checkVersion } from '../domain/health/assess-node';
import type { NodeExpectation } from '../domain/health/assess-node';
import type { NodeId } from '../domain/cluster/cluster';
import { UpgradeError } from '../domain/common/failure';
import { checkGroups } from '../domain/health/assess-groups';
import { verdictOf } from '../domain/health/gate';
import type { GateCheck, GateVerdict } from '../domain/health/gate';
import { activeController } from '../domain/health/measurement';
import type { LagAssessmentInput } from '../domain/lag/lag';
import type { ClusterMeasurement } from '../domain/health/measurement';
import { leftBehind, operationContext, report } from './activity-context';
import type { ActivityDependencies, ClusterAccess } from './cluster-access';
import type { AwaitClusterInput, AwaitNodeInput, AwaitNodeResult } from './contract';
import { EndToEnd } from './end-to-end';
import { measureCluster } from './measure';
import { openPlanned, wordsFor } from './open-cluster';
import { capitalized } from '../domain/cluster/node-words';
import { monotonicMs, nextPoll, pauseAfter } from './poll';
import { PreferredLeaders } from './preferred-leaders';
import { protocolKey } from '../domain/levels/protocol-version';

/** A process that died while it is waited for is noticed this often (ms); it costs an SSH command. */
const processPollMs = 5_000;

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
  await access.lag.sampleNow(operationContext().signal);
  return checkGroups(access.lag.assess({ ...rules, nowMs: Date.now() }));
};

interface Gate {
  about: NodeId | null;
  soakMs: number;
  /** Checks whose wait is this product's own overhead. */
  check: (measurement: ClusterMeasurement) => Promise<GateCheck[]>;
  /** Checks that may have to wait for others' habits, such as a commit interval; asked once the others are successful. */
  policyCheck: (measurement: ClusterMeasurement) => Promise<GateCheck[]>;
  /** Called now and then while the gate is closed; throws when waiting has become pointless. */
  whileClosed: () => Promise<void>;
}

class GateWatch {
  private readonly began = monotonicMs();
  private healthySince: number | null;
  private policySince: number | null = null;
  private nextLook = this.began + processPollMs;

  constructor(
    private readonly access: ClusterAccess,
    private readonly gate: Gate,
  ) {
    // Another worker's soak goes on by wall clock: a crash of the worker is no bad sample.
    const earlier = leftBehind('healthySinceMs');
    this.healthySince = typeof earlier === 'number' ? monotonicMs() - Math.max(0, Date.now() - earlier) : null;
  }

  async wait(): Promise<AwaitNodeResult> {
    const { policy } = this.access.definition;
    for (;;) {
      const context = operationContext();
      const lookedAt = monotonicMs();
      const measurement = await measureCluster(this.access, this.gate.about, {
        withMinIsr: false,
        signal: context.signal,
      });
      const lookMs = monotonicMs() - lookedAt;
      const verdict = await this.assess(measurement);
      const done = this.judge(verdict, policy.healthyDeadlineMs);
      if (done) {
        const policyWaitMs = this.policySince === null ? 0 : Math.round(monotonicMs() - this.policySince);
        return { verdict, policyWaitMs, controllerId: activeController(measurement) };
      }
      await nextPoll(pauseAfter(lookMs, policy.pollIntervalMs));
    }
  }

  private async assess(measurement: ClusterMeasurement): Promise<GateVerdict> {
    const own = await this.gate.check(measurement);
    const verdict = verdictOf(own);
    if (verdict.status !== 'successful') {
      this.policySince = null;
      if (monotonicMs() > this.nextLook) {
        this.nextLook = monotonicMs() + processPollMs;
        await this.gate.whileClosed();
      }
      return verdict;
    }
    this.policySince ??= monotonicMs();
    return verdictOf([...own, ...(await this.gate.policyCheck(measurement))]);
  }

  /** True when the gate is over: successful long enough, or out of time. */
  private judge(verdict: GateVerdict, deadlineMs: number): boolean {
    const now = monotonicMs();
    if (verdict.status !== 'successful') {
      this.healthySince = null;
      report(verdict.message, { verdict, healthySinceMs: null });
      return now - this.began > deadlineMs + this.gate.soakMs;
    }
    this.healthySince ??= now;
    const healthyMs = now - this.healthySince;
    const soaked = `healthy for ${Math.floor(healthyMs / 1000)} of ${Math.round(this.gate.soakMs / 1000)} s`;
    report(`${soaked}: ${verdict.message}`, { verdict, healthySinceMs: Math.round(Date.now() - healthyMs) });
    return healthyMs >= this.gate.soakMs;
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
    whileClosed: async () => {
      const host = access.host(nodeId);
      if ((await host.findProcess(operationContext())) !== null) return;
      const tail = await host.logTail(15);
      throw new UpgradeError(
        'StartFailed',
        `${capitalized(wordsFor(access, nodeId))} on ${host.address} died after its start. Log: ${tail.slice(-1_500)}`,
      );
    },
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
  }).wait();
};
