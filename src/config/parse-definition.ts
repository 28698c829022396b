import { isNode, isPair, isMap, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';

import { UpgradeError } from '../domain/common/failure';
import { nearestName } from '../domain/common/nearest-name';
import { definitionSchema } from './definition-problems';
import { definitionJsonSchema, type WrittenDefinition } from './schema';
import { writtenSettings } from './written-settings';
import type { WrittenSettings } from '../domain/policy/definition-settings';
import { isRecord } from '../domain/common/is-record';

type Path = readonly PropertyKey[];
type Issue = z.core.$ZodIssue;

/** A mistake in a definition: where it is in the text (an offset), and what is wrong, as a sentence. */
interface Mistake {
  offset: number;
  sentence: string;
}

const maxMistakes = 20;

/** The keys of a block whose values are all alike, where they are names that we know. */
const keysOfRecord = ({ propertyNames }: Record<string, unknown>): string[] =>
  isRecord(propertyNames) && Array.isArray(propertyNames['enum']) ? propertyNames['enum'].map(String) : [];

/** The names of the settings that may stand at a path, by the JSON schema. */
const knownKeys = (schema: unknown, path: Path): string[] => {
  if (!isRecord(schema)) return [];
  const variants = ['oneOf', 'anyOf'].flatMap((name) => (Array.isArray(schema[name]) ? schema[name] : []) as unknown[]);
  if (variants.length > 0) return [...new Set(variants.flatMap((variant) => knownKeys(variant, path)))];
  const properties = isRecord(schema['properties']) ? schema['properties'] : {};
  const [first, ...rest] = path;
  if (first === undefined) return [...Object.keys(properties), ...keysOfRecord(schema)];
  if (typeof first === 'number') return knownKeys(schema['items'], rest);
  return knownKeys(properties[String(first)] ?? schema['additionalProperties'], rest);
};

const nodeAt = (document: Document, path: Path): unknown =>
  path.length === 0 ? document.contents : document.getIn(path, true);

const startOf = (node: unknown): number | null => (isNode(node) ? (node.range?.[0] ?? null) : null);

/** The offset of the nearest thing that is there: the value itself, else what encloses it. */
const offsetOf = (document: Document, path: Path): number =>
  startOf(nodeAt(document, path)) ?? (path.length === 0 ? 0 : offsetOf(document, path.slice(0, -1)));

const keyOffset = (document: Document, path: Path, key: string): number => {
  const map = nodeAt(document, path);
  const pair = isMap(map) ? map.items.find((item) => isPair(item) && String(item.key) === key) : undefined;
  return startOf(pair?.key) ?? offsetOf(document, path);
};

/** `nodes[1].host`, as people write it. */
const named = (path: Path): string =>
  path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}${text && '.'}${String(part)}`),
    '',
  );

const kindNames: Record<string, string> = {
  string: 'text (put it into quotes)',
  number: 'a number',
  int: 'a whole number',
  object: 'a block of settings',
  record: 'a block of settings',
  array: 'a list',
};

const sentenceOf = (issue: Issue, document: Document): string => {
  const name = issue.path.length === 0 ? 'The definition' : `\`${named(issue.path)}\``;
  if (issue.path.length > 0 && !document.hasIn(issue.path)) return `${name} is missing.`;
  switch (issue.code) {
    case 'invalid_type':
      return `${name} must be ${kindNames[issue.expected] ?? issue.expected}.`;
    case 'invalid_value':
      return `${name} must be ${issue.values.map(String).join(' or ')}.`;
    case 'too_small':
      return issue.origin === 'number' || issue.origin === 'int'
        ? `${name} must be at least ${String(issue.minimum)}.`
        : `${name} must not be empty.`;
    case 'too_big':
      return `${name} must be at most ${String(issue.maximum)}.`;
    case 'invalid_union':
      return 'options' in issue && Array.isArray(issue.options)
        ? `${name} must be ${issue.options.join(' or ')}.`
        : `${name} must be text or a number.`;
    case 'invalid_key':
      return `${name} ${issue.issues[0]?.message ?? 'has a name that is not possible'}.`;
    default:
      return `${name} ${issue.message}.`;
  }
};

const unknownKey = (key: string, path: Path): string => {
  const known = knownKeys(definitionJsonSchema(), path);
  const nearest = nearestName(key, known);
  const where = path.length === 0 ? 'a cluster definition' : `\`${named(path)}\``;
  const hint = nearest === null ? `It knows ${known.join(', ')}.` : `Did you mean \`${nearest}\`?`;
  return `\`${key}\` is no setting of ${where}. ${hint}`;
};

const mistakesOf = (issue: Issue, document: Document): Mistake[] =>
  issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => ({ offset: keyOffset(document, issue.path, key), sentence: unknownKey(key, issue.path) }))
    : [{ offset: offsetOf(document, issue.path), sentence: sentenceOf(issue, document) }];

const refuse = (file: string, lines: LineCounter, mistakes: readonly Mistake[]): never => {
  const shown = [...mistakes]
    .sort((a, b) => a.offset - b.offset)
    .slice(0, maxMistakes)
    .map(({ offset, sentence }) => {
      const { line, col } = lines.linePos(offset);
      return `${file}:${line}:${col}: ${sentence}`;
    });
  const more = mistakes.length > maxMistakes ? [`… and ${mistakes.length - maxMistakes} more.`] : [];
  throw new UpgradeError('InvalidDefinition', [...shown, ...more].join('\n'), { file });
};

/** A definition as it is written: with the defaults that do not depend on the worker, and without any. */
export interface ParsedDefinition {
  definition: WrittenDefinition;
  written: WrittenSettings;
}

/**
 * Reads the text of a cluster definition. Throws `InvalidDefinition` with one line a mistake, `file:line:column: …`.
 */
export const parseDefinition = (text: string, file: string): ParsedDefinition => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const syntax = document.errors.map(({ pos, message }) => ({
    offset: pos[0],
    sentence: `This is not YAML: ${message}.`,
  }));
  if (syntax.length > 0) return refuse(file, lines, syntax);
  const parsed: unknown = document.toJS();
  const result = definitionSchema.safeParse(parsed);
  if (result.success) return { definition: result.data, written: writtenSettings(parsed) };
  return refuse(
    file,
    lines,
    result.error.issues.flatMap((issue) => mistakesOf(issue, document)),
  );
};
