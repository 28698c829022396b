/** Numbers by a dense index from 0, eight bytes each, so that hours of records fit in memory; absent ones are -1. */
export class GrowingNumbers {
  private values = new Float64Array(1024).fill(-1);

  /** The number at `index`, or -1. */
  get(index: number): number {
    return this.values[index] ?? -1;
  }

  /** Stores a number at `index`. */
  set(index: number, value: number): void {
    if (index >= this.values.length) this.grow(index + 1);
    this.values[index] = value;
  }

  private grow(needed: number): void {
    const larger = new Float64Array(Math.max(needed, this.values.length * 2)).fill(-1);
    larger.set(this.values);
    this.values = larger;
  }
}
