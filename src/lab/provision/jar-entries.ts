import { open, readdir } from 'node:fs/promises';
import path from 'node:path';

/** Signatures, sizes and offsets of the ZIP format (APPNOTE 4.3.12 and 4.3.16). */
const endSignature = 0x06054b50;
const centralSignature = 0x02014b50;
const endSize = 22;
const centralSize = 46;
const longestComment = 0xffff;

/** The names of all files in a jar, from its central directory; an error when the file is no ZIP archive. */
export async function jarEntries(jar: string): Promise<string[]> {
  const file = await open(jar, 'r');
  try {
    const { size } = await file.stat();
    const tail = Buffer.alloc(Math.min(size, endSize + longestComment));
    await file.read(tail, 0, tail.length, size - tail.length);
    const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
    if (end < 0 || tail.readUInt32LE(end) !== endSignature) throw new Error(`${jar} is not a readable jar`);
    const central = Buffer.alloc(tail.readUInt32LE(end + 12));
    await file.read(central, 0, central.length, tail.readUInt32LE(end + 16));
    return centralNames(central);
  } finally {
    await file.close();
  }
}

/** The fully qualified names of all top-level and nested classes in the jars of a directory. */
export async function classesIn(directory: string): Promise<Set<string>> {
  const classes = new Set<string>();
  for (const jar of (await readdir(directory)).filter((name) => name.endsWith('.jar'))) {
    for (const entry of await jarEntries(path.join(directory, jar))) {
      if (entry.endsWith('.class')) classes.add(entry.slice(0, -'.class'.length).replaceAll('/', '.'));
    }
  }
  return classes;
}

function centralNames(central: Buffer): string[] {
  const names: string[] = [];
  let at = 0;
  while (at + centralSize <= central.length && central.readUInt32LE(at) === centralSignature) {
    const nameLength = central.readUInt16LE(at + 28);
    names.push(central.toString('utf8', at + centralSize, at + centralSize + nameLength));
    at += centralSize + nameLength + central.readUInt16LE(at + 30) + central.readUInt16LE(at + 32);
  }
  return names;
}
