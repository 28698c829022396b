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

/** Files are told apart by the `cluster` they name, so that a mistake in one does not get in the way of the others. */
const namedFiles = async (directory: string): Promise<NamedFile[]> =>
  Promise.all((await listFiles(directory)).map(namedFile));

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
 * The definition that names this cluster, whatever its file is called. Throws `UnknownCluster` with the names there are,
 * `InvalidDefinition` when it holds a mistake or two files name the cluster.
 */
export const findDefinition = async (directory: string, cluster: string): Promise<ClusterDefinition> => {
  const files = await namedFiles(directory);
  refuseDuplicates(files.filter((entry) => entry.cluster === cluster));
  const found = files.find((entry) => entry.cluster === cluster);
  if (found === undefined) throw unknownCluster(cluster, directory, files);
  return definitionIn(found);
};

/** All definitions of a directory, by file name; throws `InvalidDefinition` for the first that is not valid. */
export const loadDefinitions = async (directory: string): Promise<ClusterDefinition[]> => {
  const files = await namedFiles(directory);
  refuseDuplicates(files);
  return files.map(definitionIn);
};
