/**
 * Reads and edits `server.properties` with the meaning that `java.util.Properties` gives it.
 *
 * Kafka loads the file as ISO-8859-1 (`Utils.loadProps` hands a stream to `Properties.load`): decode it so, and an edit
 * gives back every byte it does not change.
 */
import type { PropertyNode } from 'properties-file/parser';

import { isProperty, joinLines, parseProperties, type PhysicalLine } from './properties-document';

export { maskSecrets } from './secret-properties';

/** A key and the value it shall have; null removes it. */
export interface PropertyChange {
  key: string;
  value: string | null;
}

const propertyNodes = (text: string): PropertyNode[] => parseProperties(text).nodes.filter(isProperty);

/** All keys and their effective values (the last of several wins); throws `PropertiesUnreadable` when Java would. */
export const readProperties = (text: string): Record<string, string> =>
  // fromEntries defines own properties, so that a key such as `__proto__` is a key like any other.
  Object.fromEntries(propertyNodes(text).map((node) => [node.key, node.value]));

const escapeCharacter = (character: string): string => {
  const named = new Map([
    ['\\', '\\\\'],
    ['\t', '\\t'],
    ['\n', '\\n'],
    ['\r', '\\r'],
    ['\f', '\\f'],
  ]).get(character);
  return named ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
};

// Beyond ASCII everything is written as \uXXXX: that is read the same in every encoding.
const escapeText = (text: string): string => text.replace(/[\\]|[^\x20-\x7e]/g, escapeCharacter);
const escapeKey = (key: string): string => escapeText(key).replace(/[ =:#!]/g, '\\$&');
const escapeValue = (value: string): string => escapeText(value).replace(/^ /, '\\ ');

/** The separator as it was; one is added where there was none, or where the value would be taken for a separator. */
const separatorFor = (node: PropertyNode, value: string): string => {
  const separator = node.separatorLeading + (node.separatorChar ?? '') + node.separatorTrailing;
  if (node.separatorChar !== undefined) return separator;
  return separator === '' || /^[=:]/.test(value) ? `${separator}=` : separator;
};

const rewritten = (node: PropertyNode, value: string): string =>
  node.leadingWhitespace + node.escapedKey + separatorFor(node, value) + escapeValue(value);

/** Puts one line, or none, in the place of the lines of a node. */
const replaceNode = (lines: PhysicalLine[], node: PropertyNode, text: string | null): void => {
  const start = node.startingLineNumber - 1;
  const old = lines.slice(start, node.endingLineNumber);
  // Of a continuation that nothing follows the last line has no end, but the file did end with one.
  const end = old.map((line) => line.end).findLast((lineEnd) => lineEnd !== '') ?? '';
  lines.splice(start, old.length, ...(text === null ? [] : [{ text, end }]));
};

const append = (text: string, line: string): string => {
  // The last one of the file: another kind right after a carriage return would be taken for one line end with it.
  const lineEnd = text.match(/\r\n|\r|\n/g)?.at(-1) ?? '\n';
  const ended = text === '' || /[\r\n]$/.test(text) ? text : text + lineEnd;
  // After a continuation that nothing follows yet, the new line would become a part of that value: an empty line ends it.
  const isOpen = JSON.stringify(readProperties(`${ended}#`)) !== JSON.stringify(readProperties(text));
  return `${ended}${isOpen ? lineEnd : ''}${line}${lineEnd}`;
};

const applyChange = (text: string, { key, value }: PropertyChange): string => {
  const { lines, nodes } = parseProperties(text);
  const occurrences = nodes.filter(isProperty).filter((node) => node.key === key);
  const effective = occurrences.at(-1);
  if (effective === undefined) return value === null ? text : append(text, `${escapeKey(key)}=${escapeValue(value)}`);
  if (effective.value === value) return text;
  // From the last to the first, so that the line numbers of those still to come hold.
  for (const node of [...occurrences].reverse()) {
    replaceNode(lines, node, node === effective && value !== null ? rewritten(node, value) : null);
  }
  return joinLines(lines);
};

/**
 * The text with the changes and nothing else changed: only lines of the changed keys differ, and a key that already has
 * its value stays as it is. Of a key that occurs several times the last, effective one is changed in its place and the
 * others go, so that no reader is misled. A new key is appended, with the line ending of the file. Applying the same
 * changes again changes nothing. Throws `PropertiesUnreadable` for a text that Java could not read.
 */
export const editProperties = (text: string, changes: readonly PropertyChange[]): string =>
  changes.reduce(applyChange, text);
