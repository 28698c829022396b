/** How a copy compares with its source, both as lists of values. */
export interface CopyAudit {
  source: number;
  copied: number;
  /** Values of the source that the copy lacks; a value that is there twice counts twice. */
  missing: number;
  /** Values that the copy has more often than the source. */
  duplicates: number;
}

const countsOf = (values: readonly string[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
};

const excess = (of: Map<string, number>, over: Map<string, number>): number =>
  [...of].reduce((sum, [value, count]) => sum + Math.max(0, count - (over.get(value) ?? 0)), 0);

/** Compares as multisets: exactly once means that neither side has anything the other lacks. */
export const auditCopies = (source: readonly string[], target: readonly string[]): CopyAudit => {
  const [wanted, found] = [countsOf(source), countsOf(target)];
  return {
    source: source.length,
    copied: target.length,
    missing: excess(wanted, found),
    duplicates: excess(found, wanted),
  };
};
