import { isRecord } from '../domain/common/is-record';
import { nodePath } from '../domain/policy/definition-settings';
import type { WrittenSettings } from '../domain/policy/definition-settings';

/**
 * Left out of what a plan is bound to, each for a reason. Where the key and the known hosts are is each worker's own affair:
 * it says how a worker proves who it is and whom it trusts, not what is done to whom. Who is told and what is silenced may
 * be mended while an upgrade runs; the references to secrets are all there, files of the worker among them.
 */
const leftOut: readonly string[] = ['ssh.privateKeyFile', 'ssh.knownHostsFile', 'notifications', 'alertSilence'];

/** A number and a text that are written alike mean the same wherever both are allowed: `'9999'` and 9999. */
const canonical = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(canonical);
  if (!isRecord(value)) return String(value);
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, canonical(value[key])]));
};

type Setting = [path: string, value: string];

const settingsAt = (path: string, value: unknown): Setting[] => {
  if (leftOut.includes(path)) return [];
  if (Array.isArray(value)) return [[path, JSON.stringify(canonical(value))]];
  if (!isRecord(value)) return [[path, String(value)]];
  return settingsIn(value, (key) => (path === '' ? key : `${path}.${key}`));
};

const settingsIn = (block: Record<string, unknown>, pathOf: (key: string) => string): Setting[] =>
  Object.entries(block).flatMap(([key, value]) => settingsAt(pathOf(key), value));

const settingsOfNode = (node: unknown): Setting[] =>
  isRecord(node) ? settingsIn(node, (key) => nodePath(String(node['id']), key)) : [];

/**
 * The settings of a definition that was parsed and found to be valid: as it is written, without a default. The order of keys
 * and of nodes, comments, quotes and anchors mean nothing; a block without settings is as if it were not there.
 */
export const writtenSettings = (parsed: unknown): WrittenSettings => {
  const { nodes, ...others } = isRecord(parsed) ? parsed : {};
  const settings = [...settingsAt('', others), ...(Array.isArray(nodes) ? nodes.flatMap(settingsOfNode) : [])];
  return Object.fromEntries(settings.sort(([a], [b]) => (a < b ? -1 : 1)));
};
