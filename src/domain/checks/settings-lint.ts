/**
 * What the settings of the hosts' files become on the target, by the settings that the releases themselves define:
 *
 *   1. A setting that is gone (or, on an older release, not there yet) is silently ignored: what it was there for no longer
 *      happens.
 *   2. A number that the target does not take stops its start.
 *   3. A default that changes, and that no file sets, changes the behaviour without anybody having asked.
 *
 * Source: knowledge/broker-settings, generated from the jars; settings of plug-ins and listeners are not known and not
 * judged.
 */
import { nodesWith } from '../cluster/node-roles';
import type { ClusterSnapshot } from './cluster-snapshot';
import { blocker, note, warning } from './finding';
import type { Finding } from './finding';
import { someOf } from '../health/gate';
import { brokerSetting, changedSettings } from '../knowledge/broker-settings';
import type { BrokerSetting } from '../knowledge/broker-settings';
import { replacementOf } from '../knowledge/replaced-settings';
import { protocolKey } from '../levels/protocol-version';
import { readProperties } from '../settings/server-properties';
import { differenceFindings, dynamicFindings, meaninglessFindings, misspelledFindings } from './settings-drift';
import { lineOf, parseVersion, releaseLeft } from '../cluster/version';

const source = 'org.apache.kafka: the settings that the jars of both releases define';

/** Handled by the procedure itself, or by the checks of the mode. */
const ownKeys = [protocolKey, 'log.message.format.version', 'zookeeper.connect', 'broker.id'];

interface FileSettings {
  where: string;
  settings: Record<string, string>;
}

interface Lines {
  from: string;
  to: string;
}

const filesOf = ({ hosts, nodes }: ClusterSnapshot): FileSettings[] =>
  hosts
    .filter(({ nodeId }) => nodesWith('broker', nodes).includes(nodeId))
    .map(({ hostname, properties }) => ({ where: hostname, settings: readProperties(properties) }));

const hostsWith = (files: readonly FileSettings[], key: string): string[] =>
  files.filter(({ settings }) => settings[key] !== undefined).map(({ where }) => where);

const instead = (key: string): string => {
  const replacement = replacementOf(key);
  return replacement === null
    ? 'Nothing takes its place by that name: read the release notes, then take the line out.'
    : `Use ${replacement} instead, then take the line out.`;
};

const removedFindings = (files: readonly FileSettings[], { from, to }: Lines): Finding[] => {
  const keys = [...new Set(files.flatMap(({ settings }) => Object.keys(settings)))].sort();
  const gone = keys.filter(
    (key) => !ownKeys.includes(key) && brokerSetting(key, from) !== null && brokerSetting(key, to) === null,
  );
  return gone.map((key) =>
    warning({
      seen: `${key} is set on ${someOf(hostsWith(files, key))}; Kafka ${to} has no such setting.`,
      why: `Kafka ${to} ignores it without a word: what it was set for no longer happens.`,
      action: instead(key),
      source,
    }),
  );
};

const boundsOf = (valid: string): [min: number, max: number] | null => {
  const [, min, max] = /^\[(-?\d+),\.\.\.,?(\d+)?\]$/.exec(valid) ?? [];
  return min === undefined ? null : [Number(min), max === undefined ? Number.POSITIVE_INFINITY : Number(max)];
};

const invalidFindings = (files: readonly FileSettings[], { to }: Lines): Finding[] =>
  files.flatMap(({ where, settings }) =>
    Object.entries(settings).flatMap(([key, text]) => {
      const valid = brokerSetting(key, to)?.valid ?? '';
      const bounds = boundsOf(valid);
      const value = Number(text);
      if (bounds === null || text.trim() === '' || Number.isNaN(value)) return [];
      if (value >= bounds[0] && value <= bounds[1]) return [];
      return [
        blocker('SettingsRefused', {
          seen: `${key}=${text} on ${where}; Kafka ${to} takes ${valid}.`,
          why: `Kafka ${to} would not start with it.`,
          action: 'Correct the value first, on the release that runs.',
          source,
        }),
      ];
    }),
  );

const defaultIn = (setting: BrokerSetting | null): string => {
  const value = setting?.defaultValue ?? 'none';
  return value === '' ? 'empty' : value;
};

const defaultFindings = (files: readonly FileSettings[], { from, to }: Lines): Finding[] =>
  changedSettings(from, to)
    .filter(({ kind, name }) => kind === 'default' && !ownKeys.includes(name))
    .filter(({ name }) => files.some(({ settings }) => settings[name] === undefined))
    .map(({ name, before, after }) =>
      note({
        seen: `The default of ${name} changes from ${defaultIn(before)} to ${defaultIn(after)}, and not every file sets it.`,
        why: 'The brokers will behave differently without anybody having asked for it.',
        action: 'Set it explicitly where the old behaviour is needed.',
        source,
      }),
    );

/** Everything about the settings of the hosts; nothing for releases that are not known. */
export const checkSettings = (
  snapshot: ClusterSnapshot,
  { target, sources }: { target: string; sources: readonly string[] },
): Finding[] => {
  const to = parseVersion(target);
  const known = sources.filter((source) => parseVersion(source) !== null);
  const from = known.length === 0 ? null : parseVersion(releaseLeft(known, target));
  if (to === null || from === null) return [];
  const files = filesOf(snapshot);
  const lines = { from: lineOf(from), to: lineOf(to) };
  return [
    ...invalidFindings(files, lines),
    ...removedFindings(files, lines),
    ...misspelledFindings(snapshot, lines),
    ...differenceFindings(snapshot, lines.from),
    ...dynamicFindings(snapshot),
    ...meaninglessFindings(snapshot),
    ...(lines.from === lines.to ? [] : defaultFindings(files, lines)),
  ];
};
