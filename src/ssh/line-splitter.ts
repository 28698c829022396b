import { StringDecoder } from 'node:string_decoder';

/** A line longer than this is cut: a stream without line ends must not grow without bound. */
const MAX_LINE = 256 * 1024;

/** Turns chunks into complete lines, without their line ends; a character split over two chunks stays whole. */
export class LineSplitter {
  private readonly decoder = new StringDecoder('utf8');
  private rest = '';

  constructor(private readonly onLine: (line: string) => void) {}

  add(chunk: Buffer): void {
    const lines = (this.rest + this.decoder.write(chunk)).split('\n');
    this.rest = (lines.pop() ?? '').slice(-MAX_LINE);
    for (const line of lines) this.onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
  }
}
