import type { PartitionState } from '../domain/cluster/cluster';

/** A list that is made like one before: as long as it goes the same way, it is that one, and nothing is allocated. */
class ListLike {
  private list: PartitionState[];
  private length = 0;

  constructor(private readonly before: PartitionState[]) {
    this.list = before;
  }

  add(state: PartitionState): void {
    if (this.list === this.before) {
      if (this.before[this.length] === state) {
        this.length++;
        return;
      }
      this.list = this.before.slice(0, this.length);
    }
    this.list.push(state);
    this.length++;
  }

  end(): PartitionState[] {
    return this.list.length === this.length ? this.list : this.list.slice(0, this.length);
  }
}

/**
 * Partitions as the last answers of a cluster told them. Answers of several brokers, and of one broker again and again, are
 * nearly the same: what did not change is shared between them instead of being held many times over.
 */
export class KnownPartitions {
  private topics = new Map<string, PartitionState[]>();
  private last: PartitionState[] = [];

  /** The known states of a topic, to be updated in place. */
  of(topic: string): PartitionState[] {
    const states = this.topics.get(topic) ?? [];
    this.topics.set(topic, states);
    return states;
  }

  /** The list of all partitions of an answer: the one before where they are the same. */
  list(fill: (add: (state: PartitionState) => void) => void): PartitionState[] {
    const list = new ListLike(this.last);
    fill((state) => {
      list.add(state);
    });
    this.last = list.end();
    return this.last;
  }

  /** Forgets everything when much of it belongs to topics that are gone. */
  trim(topics: number): void {
    if (this.topics.size > 2 * topics + 100) this.topics = new Map();
  }
}
