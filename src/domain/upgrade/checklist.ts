/** The nine items of the upgrade procedure, in its own order and words, so that an operator recognises it. */
export const checklist = [
  { item: 1, title: 'Read the release notes for breaking changes' },
  { item: 2, title: 'Back up server.properties and confirm a working disaster-recovery path' },
  { item: 3, title: 'Pin inter.broker.protocol.version to the CURRENT version' },
  { item: 4, title: 'Rolling restart onto the new binary, one broker at a time' },
  { item: 5, title: 'Verify cluster health' },
  { item: 6, title: 'Raise inter.broker.protocol.version to the NEW version' },
  { item: 7, title: 'Rolling restart again to apply the new protocol' },
  { item: 8, title: '(KRaft) Upgrade the metadata version' },
  { item: 9, title: 'Upgrade client applications at your own pace' },
] as const;

/** The items in the words of this plan: on the way down the binary is not new. */
export const checklistOf = (plan: { downgrade?: true } | null): readonly { item: ChecklistItem; title: string }[] =>
  plan?.downgrade === true
    ? checklist.map(({ item, title }) => ({ item, title: title.replace('the new binary', 'the older binary') }))
    : checklist;

export type ChecklistItem = (typeof checklist)[number]['item'];

export type ChecklistState = 'pending' | 'running' | 'waiting' | 'done' | 'not-applicable' | 'failed';

/** Is there nothing left to do of an item? */
export const isSettled = (state: ChecklistState): boolean => state === 'done' || state === 'not-applicable';
