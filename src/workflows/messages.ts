import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { MessageKind } from '../domain/people/message';
import type { RollNodeStatus } from '../domain/upgrade/node-roll';
import type { UpgradePlan } from '../domain/plan/upgrade-plan';
import type { UpgradeEvent } from '../domain/upgrade/upgrade-state';
import type { UpgradeStatus } from '../domain/upgrade/upgrade-status';

/** The immediate answer to a message that was sent as an Update. */
export interface MessageAnswer {
  accepted: boolean;
  answer: string;
}

/** Answer of the `plan` query. */
export interface PlanAnswer {
  plan: UpgradePlan;
  planHash: string;
  /** Who confirmed the disaster-recovery path beside the approval, and how; only a running upgrade knows. */
  disasterRecovery?: string | null;
}

/** Answer of the `chapter` query: what one run of the workflow has recorded. */
export interface Chapter {
  events: UpgradeEvent[];
  /** The end of what was recorded before, should the run that holds it all be gone. */
  recentBefore: UpgradeEvent[];
  /** The run that this one goes on from; null: it is the first. */
  earlierRunId: string | null;
}

/** Names are the message kinds themselves, so that `temporal workflow signal --name approve` is what one expects. */
export const messageSignal = (kind: MessageKind): ReturnType<typeof defineSignal<[unknown?]>> =>
  defineSignal<[unknown?]>(kind);

/** The same messages as Updates, for an immediate yes or no. */
export const messageUpdate = (kind: MessageKind): ReturnType<typeof defineUpdate<MessageAnswer, [unknown?]>> =>
  defineUpdate<MessageAnswer, [unknown?]>(kind);

export const statusQuery = defineQuery<UpgradeStatus>('status');
export const planQuery = defineQuery<PlanAnswer | null>('plan');
/** All events that this run of the workflow knows, or the last `n` of them; earlier runs have their own. */
export const timelineQuery = defineQuery<UpgradeEvent[], [last?: number]>('timeline');
/** A part of the timeline, for clients that put it together. */
export const chapterQuery = defineQuery<Chapter>('chapter');
/** `status` of a node's restart (child workflow). */
export const nodeStatusQuery = defineQuery<RollNodeStatus>('status');
