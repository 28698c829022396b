import { UpgradeError } from '../common/failure';
import type { RequestedFeatures } from '../levels/finalization';
import { isRecord } from '../common/is-record';

/** What an operator asks for: `{"cluster":"orders-prod","target":"3.8.1"}` is enough. */
export interface UpgradeRequest {
  /** Name of a cluster definition on the worker. */
  cluster: string;
  /** Target release, for example `3.8.1`. */
  target: string;
  /** Who asks, for the record. */
  requester: string | null;
  /** Change ticket, for the record. */
  ticket: string | null;
  /** The node to upgrade first; default: the one that leads the fewest partitions. */
  canary: number | null;
  /** KRaft: levels to raise beyond or instead of the default, or `false` to leave a feature as it is. */
  features: RequestedFeatures;
  /** Take the lock on the hosts from another owner that is certainly dead. */
  takeOver: boolean;
}

const example = '{"cluster":"orders-prod","target":"3.8.1"}';

const refuse = (problem: string): never => {
  throw new UpgradeError(
    'InvalidRequest',
    `The start input is not usable: ${problem}. Start again with input like ${example}.`,
  );
};

const requiredText = (input: Record<string, unknown>, key: string): string => {
  const value = input[key];
  return typeof value === 'string' && value.trim() !== ''
    ? value.trim()
    : refuse(`"${key}" must be a non-empty string`);
};

const optionalText = (input: Record<string, unknown>, key: string): string | null =>
  input[key] === undefined || input[key] === null ? null : requiredText(input, key);

const optionalNode = (input: Record<string, unknown>, key: string): number | null => {
  const value = input[key];
  if (value === undefined || value === null) return null;
  return typeof value === 'number' && Number.isInteger(value) && value >= 0
    ? value
    : refuse(`"${key}" must be a node id`);
};

const isFeatureLevel = (value: unknown): value is string | number | false =>
  typeof value === 'string' || typeof value === 'number' || value === false;

const requestedFeatures = (value: unknown): RequestedFeatures => {
  const wanted = '"features" must be an object like {"metadata.version":"4.0","share.version":false}';
  if (!isRecord(value) || Array.isArray(value)) return refuse(wanted);
  const entries = Object.entries(value).map(([name, level]): [string, string | number | false] => [
    name,
    isFeatureLevel(level) ? level : refuse(`${wanted}; "${name}" is none of these`),
  ]);
  return Object.fromEntries(entries);
};

const knownKeys = ['cluster', 'target', 'requester', 'ticket', 'canary', 'features', 'takeOver'];

/** Reads a start input that may have been typed by hand; throws `InvalidRequest` with the reason and an example. */
export const parseRequest = (input: unknown): UpgradeRequest => {
  if (!isRecord(input) || Array.isArray(input)) return refuse('it must be one JSON object');
  const unknown = Object.keys(input).filter((key) => !knownKeys.includes(key));
  if (unknown.length > 0) refuse(`unknown field "${unknown.join('", "')}" (known: ${knownKeys.join(', ')})`);
  const takeOver = input['takeOver'] ?? false;
  if (typeof takeOver !== 'boolean') refuse('"takeOver" must be true or false');
  return {
    cluster: requiredText(input, 'cluster'),
    target: requiredText(input, 'target'),
    requester: optionalText(input, 'requester'),
    ticket: optionalText(input, 'ticket'),
    canary: optionalNode(input, 'canary'),
    features: requestedFeatures(input['features'] ?? {}),
    takeOver: takeOver === true,
  };
};

/** The workflow id that is the lock of a cluster. */
export const workflowIdOf = (cluster: string): string => `kafka-upgrade/${cluster}`;

/** The cluster of such an id; an id of another kind is given back whole. */
export const clusterOf = (workflowId: string): string => workflowId.replace(/^kafka-upgrade\//, '');

/** The workflow id of the restart of one node in one phase; its history is the record of that restart. */
export const nodeWorkflowIdOf = (cluster: string, phase: string, nodeId: number): string =>
  `${workflowIdOf(cluster)}/${phase}/${nodeId}`;
