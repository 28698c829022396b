import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const chunkBytes = 64 * 1024;

/** What a growing file has gained since the last look, also when it was replaced by a new one meanwhile. */
export class LogTail {
  private inode: number | null = null;
  private position = 0;

  /** Begins at the present end of the file, or at the beginning of one that is still to come. */
  constructor(private readonly path: string) {
    const file = this.open();
    if (file === null) return;
    const { ino, size } = fstatSync(file);
    closeSync(file);
    this.inode = ino;
    this.position = size;
  }

  /** The new text; empty when there is none. */
  read(): string {
    const file = this.open();
    if (file === null) return '';
    try {
      const { ino, size } = fstatSync(file);
      // A new file, or one that was cut, is read from its beginning.
      if (this.inode !== ino || size < this.position) this.position = 0;
      this.inode = ino;
      return this.readFrom(file);
    } finally {
      closeSync(file);
    }
  }

  private open(): number | null {
    try {
      return openSync(this.path, 'r');
    } catch {
      return null;
    }
  }

  private readFrom(file: number): string {
    const buffer = Buffer.alloc(chunkBytes);
    let text = '';
    for (;;) {
      const length = readSync(file, buffer, 0, chunkBytes, this.position);
      if (length === 0) return text;
      this.position += length;
      text += buffer.toString('latin1', 0, length);
    }
  }
}
