/** How many single-character insertions, deletions and replacements turn one word into the other (Levenshtein). */
export const editDistance = (a: string, b: string): number => {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  Array.from(a).forEach((character, i) => {
    const row = [i + 1];
    Array.from(b).forEach((other, j) => {
      const replaced = (previous[j] ?? 0) + (character === other ? 0 : 1);
      row.push(Math.min(replaced, (previous[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1));
    });
    previous = row;
  });
  return previous.at(-1) ?? 0;
};

/**
 * The known name that was most likely meant, regardless of case; null when none is near: with more than two letters in
 * five wrong it is another word, not a slip.
 */
export const nearestName = (name: string, known: readonly string[]): string | null => {
  const ranked = known
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1));
  const [best] = ranked;
  if (best === undefined) return null;
  const allowed = Math.max(1, Math.floor(Math.max(name.length, best.candidate.length) * 0.4));
  return best.distance <= allowed ? best.candidate : null;
};
