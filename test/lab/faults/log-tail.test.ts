import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogTail } from '../../../src/lab/faults/log-tail';

describe('the tail of a log', () => {
  let directory: string;
  let file: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'log-tail-'));
    file = join(directory, 'server.log');
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  it('begins at the present end and gives each text once', () => {
    writeFileSync(file, 'old\n');
    const tail = new LogTail(file);
    expect(tail.read()).toBe('');
    appendFileSync(file, 'new\n');
    expect(tail.read()).toBe('new\n');
    expect(tail.read()).toBe('');
  });

  it('reads a file that comes later from its beginning', () => {
    const tail = new LogTail(file);
    expect(tail.read()).toBe('');
    writeFileSync(file, 'first\n');
    expect(tail.read()).toBe('first\n');
  });

  it('follows the name when the file is replaced or cut', () => {
    writeFileSync(file, 'old\n');
    const tail = new LogTail(file);
    renameSync(file, `${file}.1`);
    writeFileSync(file, 'next\n');
    expect(tail.read()).toBe('next\n');
    truncateSync(file, 0);
    appendFileSync(file, 'cut\n');
    expect(tail.read()).toBe('cut\n');
  });

  it('reads more than one piece at a time', () => {
    const tail = new LogTail(file);
    writeFileSync(file, 'x'.repeat(200_000));
    expect(tail.read()).toHaveLength(200_000);
  });
});
