import type { UpgradeEvent } from '../domain/upgrade/upgrade-state';
import type { Chapter } from '../workflows/messages';

/** What a run of the workflow has recorded; null when Temporal does not hold that run any more. */
export type ChapterOf = (runId: string) => Promise<Chapter | null>;

/** Temporal keeps a run that is over for as long as its namespace says. */
const gone = (runId: string, { recentBefore, events }: Chapter): UpgradeEvent => ({
  type: 'warning',
  atMs: [...recentBefore, ...events][0]?.atMs ?? 0,
  message: `what came before is not there any more: Temporal does not hold run ${runId} of the workflow, whose end follows`,
});

/** The audit trail of an upgrade, put together from all runs of its workflow; `newest` is what the last one has recorded. */
export const wholeTimeline = async (newest: Chapter, chapterOf: ChapterOf): Promise<UpgradeEvent[]> => {
  let chapter = newest;
  let events = chapter.events;
  while (chapter.earlierRunId !== null) {
    const earlier = await chapterOf(chapter.earlierRunId);
    if (earlier === null) return [gone(chapter.earlierRunId, chapter), ...chapter.recentBefore, ...events];
    events = [...earlier.events, ...events];
    chapter = earlier;
  }
  return events;
};
