/** Offsets of one topic; the index is the partition. A hole, or undefined: not measured, or not the group's. */
export interface TopicOffsets {
  /** null: the group has no commit on it. */
  committed: readonly (number | null | undefined)[];
  /** Log end offsets; all groups on a topic may share one list. */
  ends: readonly (number | undefined)[];
}

/** One look at all consumer groups. */
export interface LagSample {
  /** When the reading *began* (ms since the epoch): what it holds was read then or a little later. */
  atMs: number;
  /** What could not be read and why, in words; only when this is empty does absence mean "gone". Bounded. */
  missing: string[];
  /** Group → topic → offsets. A group or partition that could not be read is left out. */
  groups: ReadonlyMap<string, ReadonlyMap<string, TopicOffsets>>;
}
