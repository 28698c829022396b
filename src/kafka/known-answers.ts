/**
 * The last few answers of a cluster, by their bytes. Its brokers tell the same again and again, megabytes each where there are
 * 200,000 partitions, and to compare bytes costs a hundredth of reading them.
 */
export class KnownAnswers<T> {
  private recent: { bytes: Buffer; answer: T }[] = [];

  /** `kept`: how many different answers are remembered, with their bytes. */
  constructor(private readonly kept: number) {}

  /** What was read from these very bytes before; otherwise what `read` makes of them. */
  of(bytes: Buffer, read: () => T): T {
    const known = this.recent.find((entry) => entry.bytes.equals(bytes)) ?? { bytes, answer: read() };
    this.recent = [known, ...this.recent.filter((entry) => entry !== known)].slice(0, this.kept);
    return known.answer;
  }
}
