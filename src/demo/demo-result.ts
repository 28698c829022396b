/** What the demo measured, as written by `--json`; docs/demo.md explains every field. */
import type { UpgradeLook } from '../client/upgrade-client';
import type { UpgradeEnding } from '../client/ending';
import type { LabMode } from '../lab/lab';
import type { PlannedPhase } from '../domain/plan/upgrade-plan';
import type { NodeTiming } from '../domain/upgrade/upgrade-state';
import type { UpgradeStatus } from '../domain/upgrade/upgrade-status';
import type { BrokerFacts } from './broker-facts';
import type { CommandRecord } from './seed-commands';

/** Average seconds per restarted broker; null when none was restarted in that phase. */
export type SecondsPerPhase = Record<PlannedPhase, number | null>;

export interface DemoRecords {
  acknowledged: number;
  consumed: number;
  /** Acknowledged and never consumed. */
  lost: number;
  /** Written more than once. */
  duplicated: number;
  /** Handed to the consumer more than once, as after a rebalance. */
  redelivered: number;
}

export interface DemoResult {
  outcome: UpgradeEnding['outcome'];
  message: string;
  from: string;
  to: string;
  mode: LabMode;
  workflowId: string;
  /** From the start of the workflow to its end, approvals included. */
  upgradeSeconds: number;
  records: DemoRecords;
  maxProduceGapMs: number;
  /** What the producer gave up on. */
  producerErrors: { message: string; count: number }[];
  /** What this product adds to the floor and to the waits that the policy asks for. */
  overheadSecondsPerBroker: SecondsPerPhase;
  /** SIGTERM to process exit, and process start to listening. */
  floorSecondsPerBroker: SecondsPerPhase;
  /** Soak and consumer groups' commit intervals. */
  policyWaitSecondsPerBroker: SecondsPerPhase;
  brokers: { id: number; version: string; protocol: string; before: { version: string; protocol: string } }[];
  commands: CommandRecord[];
}

const phases = ['binaries', 'protocol'] as const satisfies PlannedPhase[];

/** The average of one figure over the brokers that were restarted in each phase, in seconds. */
export const averageSeconds = (status: UpgradeStatus, figure: (timing: NodeTiming) => number): SecondsPerPhase => {
  const average = (phase: PlannedPhase): number | null => {
    const values = status.nodes.flatMap((node) => {
      const timing = node[phase]?.timing ?? null;
      return timing === null ? [] : [figure(timing)];
    });
    if (values.length === 0) return null;
    return Math.round(values.reduce((sum, value) => sum + value, 0) / values.length) / 1_000;
  };
  const [first, second] = phases;
  return { [first]: average(first), [second]: average(second) };
};

export interface DemoResultInput {
  asked: { from: string; to: string; mode: LabMode };
  look: UpgradeLook & { ending: UpgradeEnding };
  upgradeSeconds: number;
  ledger: DemoRecords & { maxProduceGapMs: number; producerErrors: { message: string; count: number }[] };
  before: BrokerFacts[];
  after: BrokerFacts[];
  commands: CommandRecord[];
}

/** The result of a demo whose upgrade ended, however it ended. */
export const demoResult = (input: DemoResultInput): DemoResult => {
  const { asked, look, ledger } = input;
  const { acknowledged, consumed, lost, duplicated, redelivered } = ledger;
  const unknown = { version: 'unknown', protocol: 'unknown' };
  return {
    outcome: look.ending.outcome,
    message: look.ending.message,
    ...asked,
    workflowId: look.status.workflowId,
    upgradeSeconds: input.upgradeSeconds,
    records: { acknowledged, consumed, lost, duplicated, redelivered },
    maxProduceGapMs: ledger.maxProduceGapMs,
    producerErrors: ledger.producerErrors,
    overheadSecondsPerBroker: averageSeconds(look.status, ({ overheadMs }) => overheadMs),
    floorSecondsPerBroker: averageSeconds(look.status, ({ stopMs, startMs }) => stopMs + startMs),
    policyWaitSecondsPerBroker: averageSeconds(look.status, ({ policyWaitMs }) => policyWaitMs),
    brokers: input.after.map(({ id, version, protocol }) => {
      const { version: was, protocol: spoke } = input.before.find((facts) => facts.id === id) ?? unknown;
      return { id, version, protocol, before: { version: was, protocol: spoke } };
    }),
    commands: input.commands,
  };
};

/** Did everything go as it must: completed, nothing acknowledged missing, and every broker on the target? */
export const succeeded = ({ outcome, records, brokers, to }: DemoResult): boolean =>
  outcome === 'completed' && records.lost === 0 && brokers.every(({ version }) => version === to);
