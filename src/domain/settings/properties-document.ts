import { Properties, type PropertyNode, type PropertiesNode } from 'properties-file/parser';

import { UpgradeError } from '../common/failure';

/** A line of text and the end of line that follows it; '' at the end of a text without one. */
export interface PhysicalLine {
  text: string;
  end: string;
}

/** A properties text taken apart: its physical lines, and what they mean. Line numbers in nodes start at 1. */
export interface PropertiesDocument {
  lines: PhysicalLine[];
  nodes: PropertiesNode[];
}

const lineEnd = /\r\n|\r|\n/g;

/** The physical lines of a text with the ends of line they have, so that joining them gives the text back. */
export const splitLines = (text: string): PhysicalLine[] => {
  const ends = text.match(lineEnd) ?? [];
  return text.split(lineEnd).map((line, i) => ({ text: line, end: ends[i] ?? '' }));
};

/** The text of lines. */
export const joinLines = (lines: readonly PhysicalLine[]): string => lines.map((line) => line.text + line.end).join('');

const malformedUnicode = (lines: readonly string[]): number =>
  lines.findIndex(
    (line) => !/^[ \t\f]*[#!]/.test(line) && /(?<!\\)(?:\\\\)*\\u(?![0-9A-Fa-f]{4}|[0-9A-Fa-f]{0,3}\\$)/.test(line),
  ) + 1;

// A byte order mark is nothing special to Java but dropped by the parser; only the first one is, so it gets one to drop.
const byteOrderMark = '\ufeff';

const parse = (lines: readonly string[]): PropertiesNode[] => {
  try {
    return new Properties(byteOrderMark + lines.join('\n')).nodes;
  } catch {
    // The parser's own message quotes the place, which may be a piece of a password.
    const where = malformedUnicode(lines);
    throw new UpgradeError(
      'PropertiesUnreadable',
      `server.properties cannot be read${where > 0 ? `: line ${where}` : ''} has a malformed \\uXXXX escape; Kafka refuses such a file too.`,
    );
  }
};

const isLoneBackslash = (line: string | undefined): boolean => line !== undefined && /^[ \t\f]*\\$/.test(line);

/** Does nothing at all follow this first line of a node? Then Java sees a property with an empty key. */
const endsText = (lines: readonly PhysicalLine[], start: number): boolean =>
  start === lines.length ||
  (start === lines.length - 1 && lines[start]?.text === '' && lines[start - 1]?.end !== '\r\n');

/**
 * Takes a text apart as `java.util.Properties.load` does. The parser differs in one point, mended here: to Java a line
 * of one backslash, where a property would begin, is no beginning; the next line may still be blank or a comment.
 */
export const parseProperties = (text: string): PropertiesDocument => {
  const lines = splitLines(text);
  const meaning = lines.map((line) => line.text);
  for (;;) {
    const nodes = parse(meaning);
    const lone = nodes
      .filter(isProperty)
      .filter((node) => isLoneBackslash(node.rawLines[0]) && !endsText(lines, node.startingLineNumber));
    if (lone.length === 0) return { lines, nodes };
    for (const node of lone) meaning[node.startingLineNumber - 1] = '';
  }
};

/** Is this node a property (not a comment or a blank line)? */
export const isProperty = (node: PropertiesNode): node is PropertyNode => node.type === 'property';
