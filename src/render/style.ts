import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import type { ChecklistState } from '../domain/upgrade/checklist';
import type { NodeProgress } from '../domain/upgrade/upgrade-state';

/** Colours by meaning; without colour every function gives its text back. */
export interface Style {
  strong: (text: string) => string;
  quiet: (text: string) => string;
  good: (text: string) => string;
  active: (text: string) => string;
  attention: (text: string) => string;
  bad: (text: string) => string;
}

/** The style of a terminal, or plain text. */
export const styleOf = (colour: boolean): Style => {
  const colours = pc.createColors(colour);
  return {
    strong: colours.bold,
    quiet: colours.dim,
    good: colours.green,
    active: colours.cyan,
    attention: colours.yellow,
    bad: colours.red,
  };
};

/** Plain text, for files, pipes and tests. */
export const plain = styleOf(false);

type State = ChecklistState | NodeProgress['state'];

const marks: Record<State, { mark: string; paint: keyof Style }> = {
  pending: { mark: '·', paint: 'quiet' },
  running: { mark: '▶', paint: 'active' },
  rolling: { mark: '▶', paint: 'active' },
  waiting: { mark: '?', paint: 'attention' },
  done: { mark: '✔', paint: 'good' },
  'not-applicable': { mark: '–', paint: 'quiet' },
  skipped: { mark: '–', paint: 'quiet' },
  failed: { mark: '✖', paint: 'bad' },
  parked: { mark: '✖', paint: 'bad' },
};

/** One character for the state of an item or a node. */
export const stateMark = (state: State, style: Style): string => style[marks[state].paint](marks[state].mark);

/** The colour of a state, for its words. */
export const statePaint = (state: State, style: Style): ((text: string) => string) => style[marks[state].paint];

/** Columns that a text takes in a terminal (no wide characters are used here). */
export const visibleWidth = (text: string): number => stripVTControlCharacters(text).length;
