/**
 * What a plan is bound to: the settings of the cluster definition as they are written. Neither defaults nor what the product
 * makes of them belong to it, so that a plan outlives the worker and the version that made it (decision 16).
 */

/** Every setting that is written, by its path (`policy.soakSeconds`, `nodes[id=2].kafka`), in the order of the paths. */
export type WrittenSettings = Readonly<Record<string, string>>;

/**
 * The same as the plan keeps it: enough to say which settings differ, small enough for 1,000 nodes. Values that are long, or
 * may hold a secret, are kept as a mark (the beginning of their SHA-256), and so are those of the nodes.
 */
export interface PlannedSettings {
  settings: Record<string, string>;
  /** Marks by the setting of a node, then by its id. */
  nodes: Record<string, Record<string, string>>;
}

type Sha256 = (text: string) => string;

/** SHA-256 of what is written (hex). */
export const writtenSha256 = (written: WrittenSettings, sha256: Sha256): string =>
  sha256(JSON.stringify(Object.entries(written)));

/** A longer value is kept as a mark, and told in part (characters). */
export const longestShown = 80;

/** People write passwords into the environment of a service: such values are never shown (I8). */
export const mayBeSecret = (path: string): boolean => path.startsWith('service.environment.');

/** The path of a setting of one node. */
export const nodePath = (id: string, setting: string): string => `nodes[id=${id}].${setting}`;

/** Which node's setting a path names; null for every other. */
export const nodeSettingOf = (path: string): { id: string; setting: string } | null => {
  const [, id, setting] = /^nodes\[id=(\d+)\]\.(.+)$/.exec(path) ?? [];
  return id === undefined || setting === undefined ? null : { id, setting };
};

/** Marks are short, as only the SHA-256 of the whole decides: they say where to look. */
const markOf = (value: string, sha256: Sha256): string => `#${sha256(value).slice(0, 8)}`;
const nodeMarkOf = (value: string, sha256: Sha256): string => sha256(value).slice(0, 4);

/** What the plan keeps of the definition that it was made from. */
export const plannedSettings = (written: WrittenSettings, sha256: Sha256): PlannedSettings => {
  const planned: PlannedSettings = { settings: {}, nodes: {} };
  for (const [path, value] of Object.entries(written)) {
    const ofNode = nodeSettingOf(path);
    if (ofNode !== null) (planned.nodes[ofNode.setting] ??= {})[ofNode.id] = nodeMarkOf(value, sha256);
    else planned.settings[path] = mayBeSecret(path) || value.length > longestShown ? markOf(value, sha256) : value;
  }
  return planned;
};
