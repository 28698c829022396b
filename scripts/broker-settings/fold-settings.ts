import type { SettingSpan } from '../../src/domain/knowledge/broker-settings';
import type { DefinedSetting } from './read-settings';

/** One release line and what it defines. */
export interface LineSettings {
  line: string;
  settings: ReadonlyMap<string, DefinedSetting>;
}

const spanOf = (line: string, setting: DefinedSetting | undefined): SettingSpan =>
  setting === undefined ? [line] : [line, setting.type, setting.default, setting.valid];

const same = (a: SettingSpan | undefined, b: SettingSpan): boolean => a?.slice(1).join('\t') === b.slice(1).join('\t');

/** By setting, the lines where it begins, changes or ends, oldest first: what stays the same is written once. */
export const foldSettings = (lines: readonly LineSettings[]): Record<string, SettingSpan[]> => {
  const names = [...new Set(lines.flatMap(({ settings }) => [...settings.keys()]))].sort();
  return Object.fromEntries(
    names.map((name) => {
      const spans: SettingSpan[] = [];
      for (const { line, settings } of lines) {
        const span = spanOf(line, settings.get(name));
        if (spans.length === 0 && span.length === 1) continue;
        if (!same(spans.at(-1), span)) spans.push(span);
      }
      return [name, spans];
    }),
  );
};
