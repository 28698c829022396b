import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import fc from 'fast-check';

import { UpgradeError } from '../../src/domain/common/failure';
import { maskSecrets, editProperties, readProperties } from '../../src/domain/settings/server-properties';
import { propertiesTexts, propertyChanges } from '../support/properties-arbitrary';

type Meaning = Record<string, string> | 'malformed';

const decode = (text: string): string => Buffer.from(text, 'base64url').toString('utf16le');

const pairOf = (pair: string): [key: string, value: string] => {
  const [key = '', value = ''] = pair.split('=').map(decode);
  return [key, value];
};

const meaningOf = (answer: string): Meaning =>
  answer === 'malformed'
    ? answer
    : Object.fromEntries(
        answer
          .split(' ')
          .filter((pair) => pair !== '')
          .map(pairOf),
      );

/** What the real java.util.Properties makes of each file, in one JVM. */
const readByJava = (files: string[]): Meaning[] => {
  const input = files.map((file) => Buffer.from(file, 'latin1').toString('base64')).join('\n');
  const java = spawnSync('java', [join(__dirname, 'java', 'ReadProperties.java')], {
    input: `${input}\n`,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, JAVA_TOOL_OPTIONS: '-Xmx256m' },
  });
  if (java.status !== 0)
    throw new Error(`java ended with ${String(java.status)}: ${java.stderr || String(java.error)}`);
  return java.stdout.split('\n').slice(0, files.length).map(meaningOf);
};

const readByUs = (file: string): Meaning => {
  try {
    return readProperties(file);
  } catch (error) {
    if (error instanceof UpgradeError) return 'malformed';
    throw error;
  }
};

const malformed = fc
  .tuple(
    propertiesTexts,
    fc.constantFrom('\\u', '\\u1', '\\u12g4', '\\\\u00', '\\u00\\\n41', '\\u00\\\n4', '\\uD83D\\uDE00'),
  )
  .map(([text, escape]) => `${text}\na=${escape}`);

/** Every difference, with the file that shows it. */
const differences = (files: string[], ours: Meaning[]): unknown[] => {
  const theirs = readByJava(files);
  return files.flatMap((file, index) => {
    const [java, us] = [theirs[index], ours[index]];
    const sorted = (meaning: Meaning | undefined): string =>
      JSON.stringify(
        typeof meaning === 'object' ? Object.entries(meaning).sort(([a], [b]) => (a < b ? -1 : 1)) : meaning,
      );
    return sorted(java) === sorted(us) ? [] : [{ file, java, us }];
  });
};

describe('server.properties and the real java.util.Properties', () => {
  const files = fc.sample(propertiesTexts, 4_000);

  it('mean the same for every file', () => {
    expect(differences(files, files.map(readByUs))).toEqual([]);
  });

  it('mean the same for files with broken and unusual escapes', () => {
    const broken = fc.sample(malformed, 1_000);
    const ours = broken.map(readByUs);
    expect(ours.filter((meaning) => meaning === 'malformed').length).toBeGreaterThan(100);
    expect(differences(broken, ours)).toEqual([]);
  });

  it('agree on what a file means after an edit: the changes, and nothing else', () => {
    const changes = fc.sample(propertyChanges, files.length);
    const edited = files.map((file, index) => editProperties(file, changes[index] ?? []));
    expect(differences(edited, edited.map(readByUs))).toEqual([]);
    const wanted = files.map((file, index) => {
      const meaning = new Map(Object.entries(readProperties(file)));
      for (const { key, value } of changes[index] ?? []) {
        if (value === null) meaning.delete(key);
        else meaning.set(key, value);
      }
      return meaning;
    });
    const withoutEmptyKey = (meaning: Map<string, string>): [string, string][] =>
      [...meaning].filter(([key]) => key !== '').sort(([a], [b]) => (a < b ? -1 : 1));
    const lost = readByJava(edited).flatMap((java, index) => {
      const [got, want] = [new Map(Object.entries(java)), wanted[index] ?? new Map<string, string>()];
      return JSON.stringify(withoutEmptyKey(got)) === JSON.stringify(withoutEmptyKey(want))
        ? []
        : [{ file: files[index], changes: changes[index], edited: edited[index] }];
    });
    expect(lost).toEqual([]);
  });

  it('agree on a file with masked secrets, which is a properties file still', () => {
    const masked = files.map((file) => maskSecrets(`${file}\nssl.key.password=hunter2`));
    expect(differences(masked, masked.map(readByUs))).toEqual([]);
  });
});
