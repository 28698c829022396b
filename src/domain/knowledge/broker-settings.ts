/**
 * Every setting of a broker, release line by release line: does it exist, what is its default, which values are valid?
 * Generated from the jars of Kafka itself (`npm run generate:broker-settings`), so it is what a broker of that line does,
 * not what a page says. Internal settings are left out.
 */
import generated from './broker-settings.json';
import { releaseLines } from './releases';

/** From this line on: type, default (`=` and the value, or `required`), valid values; only the line: it is gone. */
export type SettingSpan = string[];

/** A setting as one release line defines it. */
export interface BrokerSetting {
  name: string;
  /** ConfigDef.Type in lower case. */
  type: string;
  /** The default as Kafka writes it, `null` as text; undefined when the setting is required. */
  defaultValue: string | undefined;
  /** What the validator says of itself, for example `[1,...]`; empty when every value of the type is taken. */
  valid: string;
}

const settings = new Map<string, SettingSpan[]>(Object.entries(generated));

const order = (line: string | undefined): number => releaseLines.findIndex((known) => known.line === line);

/** The setting as this release line defines it; null when the line has no such setting, or is unknown here. */
export const brokerSetting = (name: string, line: string): BrokerSetting | null => {
  const wanted = order(line);
  const spans = settings.get(name) ?? [];
  const [, type, value = '', valid = ''] = spans.findLast(([since]) => order(since) <= wanted) ?? [];
  if (wanted < 0 || type === undefined) return null;
  return { name, type, defaultValue: value.startsWith('=') ? value.slice(1) : undefined, valid };
};

/** All settings of a release line, by name. */
export const brokerSettings = (line: string): BrokerSetting[] =>
  [...settings.keys()].flatMap((name) => brokerSetting(name, line) ?? []);

/** What becomes of one setting between two lines. */
export interface SettingChange {
  name: string;
  kind: 'removed' | 'added' | 'default' | 'valid' | 'type';
  before: BrokerSetting | null;
  after: BrokerSetting | null;
}

/** A map such as listener.security.protocol.map is printed by Kafka in the order of its hash: that is no change. */
const entriesOf = (value: string | null | undefined): string | null => value?.split(',').sort().join(',') ?? null;

const kindsOf = (before: BrokerSetting | null, after: BrokerSetting | null): SettingChange['kind'][] => {
  if (before === null && after === null) return [];
  if (before === null) return ['added'];
  if (after === null) return ['removed'];
  return [
    ...(entriesOf(before.defaultValue) === entriesOf(after.defaultValue) ? [] : (['default'] as const)),
    ...(before.valid === after.valid ? [] : (['valid'] as const)),
    ...(before.type === after.type ? [] : (['type'] as const)),
  ];
};

/** Every difference between two release lines, by name; one setting may differ in several ways. */
export const changedSettings = (from: string, to: string): SettingChange[] =>
  [...settings.keys()].flatMap((name) => {
    const [before, after] = [brokerSetting(name, from), brokerSetting(name, to)];
    return kindsOf(before, after).map((kind) => ({ name, kind, before, after }));
  });
