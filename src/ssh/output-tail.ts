/** Keeps the last `limit` bytes of what it is fed. */
export class OutputTail {
  private chunks: Buffer[] = [];
  private size = 0;

  constructor(private readonly limit: number) {}

  add(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.size += chunk.length;
    // Compacting at twice the limit keeps the cost per byte constant.
    if (this.size > 2 * this.limit) this.compact();
  }

  toString(): string {
    this.compact();
    return Buffer.concat(this.chunks).toString('utf8');
  }

  private compact(): void {
    const all = Buffer.concat(this.chunks);
    const kept = all.length > this.limit ? Buffer.from(all.subarray(all.length - this.limit)) : all;
    this.chunks = [kept];
    this.size = kept.length;
  }
}
