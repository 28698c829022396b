/**
 * The levels of `metadata.version`, oldest first: level 1 is `3.0-IV1`. `changes` says whether the level changed what the
 * metadata log holds (didMetadataChange): only a range without such a level can be downgraded.
 *
 * Source: org.apache.kafka.server.common.MetadataVersion at the tags of 3.3 to 4.3.
 */
interface MetadataLevel {
  name: string;
  changes: boolean;
}

const changed = (name: string): MetadataLevel => ({ name, changes: true });
const unchanged = (name: string): MetadataLevel => ({ name, changes: false });

const metadataLevels: readonly MetadataLevel[] = [
  changed('3.0-IV1'),
  unchanged('3.1-IV0'),
  changed('3.2-IV0'),
  unchanged('3.3-IV0'),
  changed('3.3-IV1'),
  changed('3.3-IV2'),
  changed('3.3-IV3'),
  changed('3.4-IV0'),
  unchanged('3.5-IV0'),
  unchanged('3.5-IV1'),
  changed('3.5-IV2'),
  unchanged('3.6-IV0'),
  changed('3.6-IV1'),
  changed('3.6-IV2'),
  changed('3.7-IV0'),
  unchanged('3.7-IV1'),
  changed('3.7-IV2'),
  unchanged('3.7-IV3'),
  unchanged('3.7-IV4'),
  unchanged('3.8-IV0'),
  unchanged('3.9-IV0'),
  unchanged('4.0-IV0'),
  changed('4.0-IV1'),
  unchanged('4.0-IV2'),
  unchanged('4.0-IV3'),
  unchanged('4.1-IV0'),
  unchanged('4.1-IV1'),
  unchanged('4.2-IV0'),
  unchanged('4.2-IV1'),
  changed('4.3-IV0'),
];

/** The level of `3.9-IV0`, of `3.9` (its newest production level), or of a number as text; null when it is unknown. */
export const metadataLevelOf = (text: string): number | null => {
  if (/^\d+$/.test(text)) return metadataLevels[Number(text) - 1] === undefined ? null : Number(text);
  const exact = metadataLevels.findIndex(({ name }) => name === text);
  if (exact >= 0) return exact + 1;
  const newest = metadataLevels.findLastIndex(({ name }) => name.startsWith(`${text}-IV`));
  return newest < 0 ? null : newest + 1;
};

/** The name of a level, for example `3.9-IV0` for 21; a level that is unknown here keeps its number. */
export const metadataLevelName = (level: number): string => metadataLevels[level - 1]?.name ?? `level ${level}`;

/** The levels above `low` up to `high` that changed what the metadata log holds: each makes the way back impossible. */
export const metadataChangesBetween = (low: number, high: number): string[] =>
  metadataLevels.slice(low, high).flatMap(({ name, changes }) => (changes ? [name] : []));

/**
 * The oldest level that a 4.x binary starts with: 3.3-IV3 (MetadataVersion.MINIMUM_VERSION from 4.0 on; the documentation
 * only says "3.3.x").
 */
export const oldestLevelOf4 = 7;
