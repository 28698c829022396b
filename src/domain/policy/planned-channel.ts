/**
 * Who is told of what:
 *
 *   - `started`:    the plan is made; what is to be done.
 *   - `waiting`:    a gate is open, is asked anew, or somebody paused: a person has to answer.
 *   - `reminder`, `escalation`: nobody has answered for so long (alarm.ts).
 *   - `expired`:    a gate takes no answer any more.
 *   - `parked`:     something failed; nothing new is touched before a person answers.
 *   - `warning`:    something beside the upgrade does not work, which goes on without it.
 *   - `finished`:   it ended, whatever way.
 */
export const noticeKinds = [
  'started',
  'waiting',
  'reminder',
  'escalation',
  'expired',
  'parked',
  'warning',
  'finished',
] as const;

export type NoticeKind = (typeof noticeKinds)[number];

/** A channel as the plan knows it: where it leads stays on the worker (I8). */
export interface PlannedChannel {
  name: string;
  on: NoticeKind[];
}

const graver: Partial<Record<NoticeKind, readonly NoticeKind[]>> = {
  // What falls on the same moment comes as the gravest alone: an expiry is an escalation, an escalation a reminder.
  escalation: ['reminder'],
  expired: ['escalation', 'reminder'],
};

/** Is this channel told of such a notice? */
export const isTold = ({ on }: Pick<PlannedChannel, 'on'>, kind: NoticeKind): boolean =>
  [kind, ...(graver[kind] ?? [])].some((told) => on.includes(told));
