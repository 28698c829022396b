/** Which settings of a cluster definition are not what they were when the plan was made, in words. */
import { someOf } from '../health/gate';
import { longestShown, mayBeSecret, nodePath, nodeSettingOf } from '../policy/definition-settings';
import type { PlannedSettings, WrittenSettings } from '../policy/definition-settings';

const byPath = ({ settings, nodes }: PlannedSettings): Map<string, string> =>
  new Map([
    ...Object.entries(settings),
    ...Object.entries(nodes).flatMap(([setting, marks]) =>
      Object.entries(marks).map(([id, mark]): [string, string] => [nodePath(id, setting), mark]),
    ),
  ]);

const isMark = (path: string, value: string): boolean => nodeSettingOf(path) !== null || /^#[0-9a-f]{8}$/.test(value);

const notWritten = 'not written';

const keptWords = (path: string, value: string | undefined): string => {
  if (value === undefined) return notWritten;
  return isMark(path, value) ? 'another value' : value;
};

const writtenWords = (path: string, value: string | undefined): string => {
  if (value === undefined) return notWritten;
  if (mayBeSecret(path)) return 'another value, not shown as it may be secret';
  return value.length > longestShown ? `${value.slice(0, longestShown)}…` : value;
};

/** At most so many differences in a message. */
const mostTold = 10;

const differences = (
  before: PlannedSettings,
  now: PlannedSettings,
  nowWords: (path: string, kept: string | undefined) => string,
): string => {
  const [was, is] = [byPath(before), byPath(now)];
  const paths = [...new Set([...was.keys(), ...is.keys()])].filter((path) => was.get(path) !== is.get(path)).sort();
  const words = paths.map((path) => `${path}: ${keptWords(path, was.get(path))} → ${nowWords(path, is.get(path))}`);
  return words.length === 0 ? 'nothing that the plan remembers' : someOf(words, mostTold);
};

/** Between two plans whose definitions are not the same: `policy.soakSeconds: 30 → 10`, at most ten. */
export const settingsChanged = (before: PlannedSettings, now: PlannedSettings): string =>
  differences(before, now, keptWords);

/** The same between a plan and the definition at hand, whose values can be told. */
export const settingsChangedHere = (
  planned: PlannedSettings,
  here: { settings: PlannedSettings; written: WrittenSettings },
): string => differences(planned, here.settings, (path) => writtenWords(path, here.written[path]));
