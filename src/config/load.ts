import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, extname, join, resolve } from 'node:path';

import { isMap, parseDocument } from 'yaml';

import { UpgradeError } from '../domain/common/failure';
import { messageOf } from '../domain/common/message-of';
import { nearestName } from '../domain/common/nearest-name';
import type { ClusterDefinition } from './definition';
import { parseDefinition } from './parse-definition';
import { resolveDefinition } from './resolve';

/** A definition file of a directory and the cluster it names; null when that cannot even be read. */
interface NamedFile {
  file: string;
  text: string;
  cluster: string | null;
}

const readText = async (file: string): Promise<string> => {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UpgradeError('InvalidDefinition', `The cluster definition ${file} cannot be read: ${messageOf(error)}`, {
      file,
    });
  }
};

const definitionIn = ({ file, text }: Pick<NamedFile, 'file' | 'text'>): ClusterDefinition =>
  resolveDefinition(parseDefinition(text, file), { directory: dirname(resolve(file)), home: homedir() });

/** Reads one cluster definition; throws `InvalidDefinition` with `file:line:column` of every mistake. */
export const loadDefinition = async (file: string): Promise<ClusterDefinition> =>
  definitionIn({ file, text: await readText(file) });

const listFiles = async (directory: string): Promise<string[]> => {
  try {
    const names = await readdir(directory);
    return names
      .filter((name) => ['.yaml', '.yml'].includes(extname(name)) && !name.startsWith('.'))
      .sort()
      .map((name) => join(directory, name));
  } catch (error) {
    throw new UpgradeError(
      'InvalidDefinition',
      `The directory of cluster definitions ${directory} cannot be read: ${messageOf(error)}`,
      { directory },
    );
  }
};

/** Also from a file that is not YAML throughout: whoever asks for the cluster is to hear of the mistake. */
const clusterNamedIn = (text: string): string | null => {
  const { contents } = parseDocument(text);
  const cluster = isMap(contents) ? contents.get('cluster') : null;
  return typeof cluster === 'string' ? cluster : null;
};

/**
 * What each file was named when it was read last. Every step of an upgrade looks its definition up anew, to notice changes;
 * parsing a hundred unchanged neighbours for it would take longer than the step.
 */
const lastNamed = new Map<string, NamedFile>();

const namedFile = async (file: string): Promise<NamedFile> => {
  const text = await readText(file);
  const last = lastNamed.get(file);
  if (last?.text === text) return last;
  const named = { file, text, cluster: clusterNamedIn(text) };
  lastNamed.set(file, named);
  return named;
};

const refuseDuplicates = (files: readonly NamedFile[]): void => {
  for (const { cluster, file } of files) {
    const first = files.find((other) => other.cluster === cluster);
    if (cluster !== null && first !== undefined && first.file !== file) {
      throw new UpgradeError(
        'InvalidDefinition',
        `Two definitions name the cluster "${cluster}": ${first.file} and ${file}. Keep one.`,
      );
    }
  }
};

const unknownCluster = (cluster: string, directory: string, files: readonly NamedFile[]): UpgradeError => {
  const known = files.flatMap((entry) => entry.cluster ?? []);
  const unnamed = files.filter((entry) => entry.cluster === null).map((entry) => entry.file);
  const nearest = nearestName(cluster, known);
  return new UpgradeError(
    'UnknownCluster',
    [
      `There is no definition of a cluster "${cluster}" in ${directory}.`,
      known.length === 0 ? 'It defines none.' : `It defines ${known.join(', ')}.`,
      ...(nearest === null ? [] : [`Did you mean "${nearest}"?`]),
      ...(unnamed.length === 0 ? [] : [`These files name no cluster: ${unnamed.join(', ')}.`]),
    ].join(' '),
    { cluster, directory, known },
  );
};

/**
 * The definition that names this cluster, whatever its file is called: a mistake in another file, or one that cannot be
 * read for a moment (`git pull`), does not get in its way. Throws `UnknownCluster` with the names there are,
 * `InvalidDefinition` when it holds a mistake or two files name the cluster.
 */
export const findDefinition = async (directory: string, cluster: string): Promise<ClusterDefinition> => {
  const outcomes = await Promise.allSettled((await listFiles(directory)).map(namedFile));
  const files = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  refuseDuplicates(files.filter((entry) => entry.cluster === cluster));
  const found = files.find((entry) => entry.cluster === cluster);
  if (found !== undefined) return definitionIn(found);
  const unreadable = outcomes.find((outcome) => outcome.status === 'rejected');
  // It may be the one that is meant.
  if (unreadable !== undefined) throw unreadable.reason;
  throw unknownCluster(cluster, directory, files);
};

/** All definitions of a directory, by file name; throws `InvalidDefinition` for the first that is not valid. */
export const loadDefinitions = async (directory: string): Promise<ClusterDefinition[]> => {
  const files = await Promise.all((await listFiles(directory)).map(namedFile));
  refuseDuplicates(files);
  return files.map(definitionIn);
};
