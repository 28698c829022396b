/** How many single-character insertions, deletions and replacements turn one word into the other (Levenshtein). */
export const editDistance = (a: string, b: string): number => {
  const columns = Array.from(b, (letter, j) => ({ letter, distance: j + 1 }));
  let distance = columns.length;
  Array.from(a).forEach((letter, i) => {
    let diagonal = i;
    distance = i + 1;
    for (const column of columns) {
      const replaced = diagonal + (letter === column.letter ? 0 : 1);
      diagonal = column.distance;
      distance = Math.min(replaced, diagonal + 1, distance + 1);
      column.distance = distance;
    }
  });
  return distance;
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
