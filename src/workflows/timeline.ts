import { lastOf } from '../domain/common/last-of';
import type { UpgradeEvent } from '../domain/upgrade/upgrade-state';
import { maxRecentEvents } from './carried-over';
import type { CarriedOver } from './carried-over';

type Earlier = Pick<CarriedOver, 'recentEvents' | 'eventCount'>;

/** The audit trail of one run of the workflow, and the end of the trail before it. */
export class Timeline {
  private readonly own: UpgradeEvent[] = [];

  constructor(private readonly earlier: Earlier = { recentEvents: [], eventCount: 0 }) {}

  add(event: UpgradeEvent): void {
    this.own.push(event);
  }

  /** How many events there were in all runs so far. */
  get count(): number {
    return this.earlier.eventCount + this.own.length;
  }

  /** The last events that this run knows; all of them when the count, which people may type by hand, is none. */
  last(count: unknown): UpgradeEvent[] {
    return lastOf([...this.earlier.recentEvents, ...this.own], count);
  }

  /** What this run has recorded, and the end of what was recorded before. */
  chapter(): { events: UpgradeEvent[]; recentBefore: UpgradeEvent[] } {
    return { events: [...this.own], recentBefore: [...this.earlier.recentEvents] };
  }

  carriedOver(): Earlier {
    return { recentEvents: this.last(maxRecentEvents), eventCount: this.count };
  }
}
