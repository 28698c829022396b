import { wholeTimeline } from '../../src/client/whole-timeline';
import type { Chapter } from '../../src/workflows/messages';
import type { UpgradeEvent } from '../../src/domain/upgrade/upgrade-state';

const event = (atMs: number): UpgradeEvent => ({ atMs, type: 'evidence', title: `event ${atMs}`, lines: [] });

const first: Chapter = { events: [event(1), event(2)], recentBefore: [], earlierRunId: null };
const second: Chapter = { events: [event(3)], recentBefore: [event(1), event(2)], earlierRunId: 'run-1' };
const third: Chapter = { events: [event(4), event(5)], recentBefore: [event(2), event(3)], earlierRunId: 'run-2' };

const held =
  (runs: Record<string, Chapter>) =>
  (runId: string): Promise<Chapter | null> =>
    Promise.resolve(runs[runId] ?? null);

describe('wholeTimeline', () => {
  it('is what the only run has recorded', async () => {
    expect(await wholeTimeline(first, held({}))).toEqual(first.events);
  });

  it('joins all runs, each event once, in their order', async () => {
    const whole = await wholeTimeline(third, held({ 'run-1': first, 'run-2': second }));
    expect(whole).toEqual([1, 2, 3, 4, 5].map(event));
  });

  it('says which run is gone, and goes on with what the next one knows of it', async () => {
    const whole = await wholeTimeline(third, held({ 'run-1': first }));
    expect(whole[0]).toMatchObject({ type: 'warning', atMs: 2, message: expect.stringContaining('run-2') as string });
    expect(whole.slice(1)).toEqual([2, 3, 4, 5].map(event));
  });
});
