/**
 * One run of an upgrade: its state, the messages that reach it, and its ways of waiting. All changes of state go through
 * `emit`; nothing here decides about Kafka.
 */
import {
  allHandlersFinished,
  condition,
  log,
  setDefaultSignalHandler,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { silentApprovals } from '../domain/policy/approval-policy';
import type { AlarmTimes } from '../domain/policy/approval-policy';
import type { GateName } from '../domain/policy/gate-name';
import type { ChecklistItem, ChecklistState } from '../domain/upgrade/checklist';
import { isMessageKind, messageDescriptions, messageKinds, parsePayload } from '../domain/people/message';
import type { MessageKind } from '../domain/people/message';
import type { Fence } from '../domain/upgrade/node-roll';
import { receiveMessage } from '../domain/upgrade/receive-message';
import type { UpgradeRequest } from '../domain/plan/request';
import type { UpgradePlan } from '../domain/plan/upgrade-plan';
import { initialState, reduce } from '../domain/upgrade/upgrade-state';
import type { Trouble, UpgradeEvent, UpgradeEventBody, UpgradeState } from '../domain/upgrade/upgrade-state';
import { upgradeStatus } from '../domain/upgrade/upgrade-status';
import { detailsMarkdown } from '../domain/upgrade/details';
import { chapterQuery, messageSignal, messageUpdate, planQuery, statusQuery, timelineQuery } from './messages';
import type { MessageAnswer, PlanAnswer } from './messages';
import { awaitPerson } from './await-person';
import type { CarriedOver } from './carried-over';
import { withWhatDiffers } from './definition-trouble';
import { showAsPage } from './details-page';
import { Notifier } from './notifier';
import { Publisher } from './publish';
import { readable } from './readable';
import { SilenceKeeper } from './silence-keeper';
import { Timeline } from './timeline';

/** Thrown by waits when a person ended the upgrade; caught by the workflow, never leaves it. */
export class EndRequested extends Error {
  override readonly name = 'EndRequested';
}

/** Room for every change of one restart, its recovery ladder included. */
const stepsPerFence = 20;

const stateAtStart = ({ cluster, target, requester, ticket }: UpgradeRequest): UpgradeState =>
  initialState({ cluster, target, request: { requester, ticket }, startedAtMs: Date.now() });

/** What a run begins with. */
interface Beginnings {
  /** What the run of the workflow before this one has handed over; null in the first. */
  earlier: CarriedOver | null;
  /** Reads the levels for a wish of the old binaries, and answers it by an event; never rejects. */
  answerWish: (run: UpgradeRun) => Promise<void>;
}

export class UpgradeRun {
  readonly publisher: Publisher;
  private readonly notifier = new Notifier((title, lines) => this.evidence(title, lines));
  private readonly silence: SilenceKeeper;
  private current: UpgradeState;
  private readonly timeline: Timeline;
  private fence: Fence | null;
  private changed: boolean;

  constructor(
    readonly request: UpgradeRequest,
    private readonly beginnings: Beginnings,
  ) {
    const { earlier } = beginnings;
    this.current = earlier?.state ?? stateAtStart(request);
    this.timeline = new Timeline(earlier ?? undefined);
    this.fence = earlier?.fence ?? null;
    this.changed = earlier?.hostsChanged ?? false;
    this.publisher = new Publisher(earlier?.searchable ?? false);
    this.silence = new SilenceKeeper((event) => this.emit(event), earlier?.silence);
  }

  get state(): UpgradeState {
    return this.current;
  }

  /** The plan; only asked for after it was made. */
  get plan(): UpgradePlan {
    if (this.current.plan === null) throw new Error('the plan is asked for before it is made');
    return this.current.plan;
  }

  /** Registers every handler; must be called before the first await. */
  listen(): void {
    this.answerQueries();
    // First the handler of all names: messages that came before us are then read in the order in which they were sent.
    setDefaultSignalHandler((name, payload) => {
      if (isMessageKind(name)) this.receive(name, payload);
      else this.evidence('unknown message', [`"${name}" means nothing here; known are ${messageKinds.join(', ')}`]);
    });
    for (const kind of messageKinds) {
      const description = messageDescriptions[kind];
      setHandler(messageSignal(kind), (payload) => void this.receive(kind, payload), { description });
      setHandler(messageUpdate(kind), (payload) => this.answer(kind, payload), { description });
    }
  }

  /** All that people can ask; made when they do. */
  private answerQueries(): void {
    showAsPage(() => detailsMarkdown(upgradeStatus(this.current)));
    setHandler(statusQuery, () => readable(upgradeStatus(this.current)));
    setHandler(timelineQuery, (last) => readable(this.timeline.last(last)));
    setHandler(planQuery, () => this.planAnswer());
    setHandler(chapterQuery, () => {
      return { ...this.timeline.chapter(), earlierRunId: workflowInfo().continuedFromExecutionRunId ?? null };
    });
  }

  private planAnswer(): PlanAnswer | null {
    const { plan, planHash, disasterRecovery } = this.current;
    return plan === null || planHash === null ? null : readable({ plan, planHash, disasterRecovery });
  }

  /** Goes on where the run of the workflow before this one has stopped. */
  takeOver(): void {
    if (this.beginnings.earlier === null) return;
    this.notifier.takeOver(this.beginnings.earlier.undelivered);
    const { continuedFromExecutionRunId = '' } = workflowInfo();
    this.evidence('a new run of the workflow', [`the record before this is in run ${continuedFromExecutionRunId}`]);
  }

  /** Waits for what is under way beside the upgrade; resolves to what the next run of the workflow has to know. */
  async handOver(): Promise<CarriedOver> {
    // A wish for the old binaries is answered where it was received, also one that comes while something else is waited for.
    const isQuiet = (): boolean => !this.wishIsOpen && allHandlersFinished();
    for (;;) {
      await condition(isQuiet);
      const [undelivered, silence] = await Promise.all([this.notifier.handOver(), this.silence.handOver()]);
      if (!isQuiet()) continue;
      return {
        ...this.timeline.carriedOver(),
        state: this.current,
        fence: this.fence,
        hostsChanged: this.changed,
        searchable: this.publisher.isSearchable,
        undelivered,
        silence,
      };
    }
  }

  emit(body: UpgradeEventBody): void {
    const event: UpgradeEvent = { atMs: Date.now(), ...body };
    const before = this.current;
    this.timeline.add(event);
    this.current = reduce(before, event);
    this.publisher.publish(this.current);
    this.notifier.tell({ before, event, after: this.current }, this.timeline.count);
    this.silence.follow(this.current);
  }

  /** Takes leave of the world outside: the alerts may speak again, and people hear of the end. */
  async takeLeave(): Promise<void> {
    await this.silence.finish(this.request.cluster);
    await this.notifier.finish();
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
    if (this.fence === null) throw new Error('a fence is asked for before a lease is held');
    this.fence = { ...this.fence, step: this.fence.step + stepsPerFence };
    return this.fence;
  }

  /**
   * Waits at a gate until it is passed; throws `EndRequested` when people end the upgrade instead. A gate that expires
   * stays closed, and is asked again only when a person wants it.
   */
  async passGate(gate: GateName): Promise<void> {
    this.throwIfEnding();
    this.emit({ type: 'gate-opened', gate });
    const isPassed = (): boolean => this.current.openGate === null;
    while (!isPassed()) {
      const { expireAfterMs } = this.alarms;
      if ((await this.awaitPerson(`gate ${gate}`, isPassed, this.alarms)) === 'answered') continue;
      this.emit({ type: 'gate-expired', gate, waitedMs: expireAfterMs ?? 0 });
      await this.awaitPerson(`gate ${gate}, expired`, () => !this.gateIsExpired);
    }
  }

  /** Holds while an operator has paused, or the levels are read for one who wants the old binaries back. */
  async whileRunning(): Promise<void> {
    this.throwIfEnding();
    await condition(() => !this.wishIsOpen);
    await this.awaitPerson('the end of the pause', () => !this.current.paused);
  }

  /** Parks with the evidence until a person says `retry`, or ends it. */
  async park(met: Trouble): Promise<void> {
    const trouble = await withWhatDiffers(this.current.plan, met);
    log.warn('parked', { ...trouble });
    this.emit({ type: 'parked', trouble });
    await this.awaitPerson('the repair of what is parked', () => this.current.parked === null);
  }

  /** Sleeps until this time; throws `EndRequested` when people end the upgrade before. */
  async sleepUntil(atMs: number, what: string): Promise<void> {
    const isEnding = (): boolean => this.current.ending !== null;
    await condition(isEnding, Math.max(1, atMs - Date.now()), { summary: `until ${what}` });
    this.throwIfEnding();
  }

  /** Are the levels being read for somebody who wants the old binaries back? */
  private get wishIsOpen(): boolean {
    const { rollbackWish, ending, ended } = this.current;
    return rollbackWish !== null && ending === null && ended === null;
  }

  private get gateIsExpired(): boolean {
    const { openGate } = this.current;
    return openGate !== null && openGate.expiredAtMs !== null;
  }

  private get alarms(): AlarmTimes {
    return this.current.plan?.policy.approvals ?? silentApprovals;
  }

  /** Only gates expire; whatever else waits for a person goes on waiting. */
  private async awaitPerson(
    what: string,
    isAnswered: () => boolean,
    times: AlarmTimes = { ...this.alarms, expireAfterMs: null },
  ): Promise<'answered' | 'expired'> {
    const outcome = await awaitPerson({
      what,
      times,
      answered: () => isAnswered() || this.current.ending !== null,
      onAlarm: (alarm, waitedMs) => this.emit({ type: 'alarm', alarm, wait: what, waitedMs }),
    });
    this.throwIfEnding();
    return outcome;
  }

  throwIfEnding(): void {
    if (this.current.ending !== null) throw new EndRequested(this.current.ending.outcome);
  }

  /** What people accepted by name: with the plan, and at parks since. */
  accepted(): string[] {
    return this.current.accepted;
  }

  /** Who confirmed the disaster-recovery path and how; null when nobody had to. */
  disasterRecoveryWords(): string | null {
    return this.current.planApproval?.disasterRecovery ?? this.current.disasterRecovery;
  }

  receive(kind: MessageKind, payload: unknown): MessageAnswer {
    const { accepted, answer, events } = receiveMessage(this.current, { kind, payload: parsePayload(payload) });
    for (const event of events) this.emit(event);
    // A copy, or a refusal, asks nothing anew.
    if (events.some(({ type }) => type === 'rollback-asked')) void this.beginnings.answerWish(this);
    return { accepted, answer };
  }

  /** The answer to an update; of a rollback it is what the levels that are read say of it. */
  private async answer(kind: MessageKind, payload: unknown): Promise<MessageAnswer> {
    const answer = this.receive(kind, payload);
    if (kind !== 'rollback' || !answer.accepted) return answer;
    await condition(() => !this.wishIsOpen);
    const { wishRefused } = this.current;
    return wishRefused === null ? answer : { accepted: false, answer: wishRefused };
  }
}
