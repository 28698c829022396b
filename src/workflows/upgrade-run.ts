/**
 * One run of an upgrade: its state, the messages that reach it, and its ways of waiting. All changes of state go through
 * `emit`; nothing here decides about Kafka.
 */
import { condition, log, setDefaultSignalHandler, setHandler } from '@temporalio/workflow';
import type { GateName } from '../domain/approval';
import type { ChecklistItem, ChecklistState } from '../domain/checklist';
import { isMessageKind, messageKinds, parsePayload } from '../domain/message';
import type { MessageKind } from '../domain/message';
import type { Fence } from '../domain/node-roll';
import { receiveMessage } from '../domain/receive-message';
import type { UpgradeRequest } from '../domain/request';
import type { UpgradePlan } from '../domain/upgrade-plan';
import { initialState, reduce } from '../domain/upgrade-state';
import type { Trouble, UpgradeEvent, UpgradeEventBody, UpgradeState } from '../domain/upgrade-state';
import { upgradeStatus } from '../domain/upgrade-status';
import { lastOf } from '../domain/last-of';
import { messageSignal, messageUpdate, planQuery, statusQuery, timelineQuery } from './messages';
import type { MessageAnswer } from './messages';
import { Publisher } from './publish';

/** Thrown by waits when a person ended the upgrade; caught by the workflow, never leaves it. */
export class EndRequested extends Error {
  override readonly name = 'EndRequested';
}

/** Room for every change of one restart, its recovery ladder included. */
const stepsPerFence = 20;

export class UpgradeRun {
  readonly publisher = new Publisher();
  private current: UpgradeState;
  private readonly timeline: UpgradeEvent[] = [];
  private fence: Fence | null = null;
  private changed = false;

  constructor(readonly request: UpgradeRequest) {
    const { cluster, target } = request;
    this.current = initialState({ cluster, target, startedAtMs: Date.now() });
  }

  get state(): UpgradeState {
    return this.current;
  }

  /** The plan; only asked for after it was made. */
  get plan(): UpgradePlan {
    if (this.current.plan === null) throw new EndRequested('there is no plan yet');
    return this.current.plan;
  }

  /** Registers every handler; must be called before the first await. */
  listen(): void {
    setHandler(statusQuery, () => upgradeStatus(this.current));
    setHandler(timelineQuery, (last) => lastOf(this.timeline, last));
    setHandler(planQuery, () => {
      const { plan, planHash } = this.current;
      return plan === null || planHash === null ? null : { plan, planHash };
    });
    // First the handler of all names: messages that came before us are then read in the order in which they were sent.
    setDefaultSignalHandler((name, payload) => {
      if (isMessageKind(name)) this.receive(name, payload);
      else this.evidence('unknown message', [`"${name}" means nothing here; known are ${messageKinds.join(', ')}`]);
    });
    for (const kind of messageKinds) {
      setHandler(messageSignal(kind), (payload) => void this.receive(kind, payload));
      setHandler(messageUpdate(kind), (payload) => this.receive(kind, payload));
    }
  }

  emit(body: UpgradeEventBody): void {
    const event: UpgradeEvent = { atMs: Date.now(), ...body };
    this.timeline.push(event);
    this.current = reduce(this.current, event);
    this.publisher.publish(upgradeStatus(this.current));
  }

  item(item: ChecklistItem, state: ChecklistState, detail: string): void {
    this.emit({ type: 'item', item, state, detail });
  }

  evidence(title: string, lines: string[]): void {
    this.emit({ type: 'evidence', title, lines });
  }

  useFence(fence: Fence): void {
    this.fence = fence;
  }

  get hasFence(): boolean {
    return this.fence !== null;
  }

  /** Was anything of Kafka's own changed on a host yet? From then on a failure parks instead of ending the workflow. */
  get hostsChanged(): boolean {
    return this.changed;
  }

  noteHostsChanged(): void {
    this.changed = true;
  }

  /** A fence above every earlier one; each change of a host gets its own number within it (I5). */
  nextFence(): Fence {
    if (this.fence === null) throw new EndRequested('no lease is held');
    this.fence = { ...this.fence, step: this.fence.step + stepsPerFence };
    return this.fence;
  }

  /** Waits at a gate until it is passed; throws `EndRequested` when people end the upgrade instead. */
  async passGate(gate: GateName): Promise<void> {
    this.throwIfEnding();
    this.emit({ type: 'gate-opened', gate });
    await condition(() => this.current.openGate === null || this.current.ending !== null);
    this.throwIfEnding();
  }

  /** Holds while an operator has paused. */
  async whileRunning(): Promise<void> {
    this.throwIfEnding();
    await condition(() => !this.current.paused || this.current.ending !== null);
    this.throwIfEnding();
  }

  /** Parks with the evidence until a person says `retry`, or ends it. */
  async park(trouble: Trouble): Promise<void> {
    log.warn('parked', { ...trouble });
    this.emit({ type: 'parked', trouble });
    await condition(() => this.current.parked === null || this.current.ending !== null);
    this.throwIfEnding();
  }

  throwIfEnding(): void {
    if (this.current.ending !== null) throw new EndRequested(this.current.ending.outcome);
  }

  /** What the approval of the plan accepted by name. */
  accepted(): string[] {
    return this.timeline.flatMap((event) =>
      event.type === 'gate-passed' && event.gate === 'plan' ? event.accept : [],
    );
  }

  /** Who confirmed the disaster-recovery path and how; null when nobody had to. */
  disasterRecoveryWords(): string | null {
    const passed = this.timeline.find((event) => event.type === 'gate-passed' && event.gate === 'plan');
    return passed?.type === 'gate-passed' ? passed.disasterRecovery : null;
  }

  receive(kind: MessageKind, payload: unknown): MessageAnswer {
    const { accepted, answer, events } = receiveMessage(this.current, { kind, payload: parsePayload(payload) });
    for (const event of events) this.emit(event);
    return { accepted, answer };
  }
}
