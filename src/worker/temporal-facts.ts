import type { NativeConnection } from '@temporalio/worker';
import type { ActivityDependencies } from '../activities/cluster-access';
import { messageOf } from '../domain/common/message-of';
import { searchAttributeNames, searchAttributes } from '../domain/upgrade/search-attributes';

/** Of temporal.api.enums.v1.IndexedValueType. */
const attributeTypes = { Keyword: 2, Bool: 5 } as const;

interface FactOptions {
  connection: NativeConnection;
  namespace: string;
  /** Told when the namespace does not let us look or register; upgrades then run without search attributes. */
  onTrouble: (message: string) => void;
}

const registered = async ({ connection, namespace }: FactOptions): Promise<string[]> => {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  return Object.keys(customAttributes);
};

const register = async ({ connection, namespace }: FactOptions, missing: readonly string[]): Promise<void> => {
  const wanted = Object.entries(searchAttributes).filter(([name]) => missing.includes(name));
  const types = Object.fromEntries(wanted.map(([name, type]) => [name, attributeTypes[type]]));
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: types });
};

/** The attributes that the namespace knows after what was missing is registered; none where that is not allowed. */
const ensureSearchAttributes = async (options: FactOptions): Promise<string[]> => {
  try {
    const known = await registered(options);
    const missing = searchAttributeNames.filter((name) => !known.includes(name));
    if (missing.length === 0) return known;
    await register(options, missing);
    return await registered(options);
  } catch (error) {
    options.onTrouble(
      `Search attributes cannot be registered in namespace ${options.namespace} (${messageOf(error)}). Upgrades run without them; to find those that wait for a person by one filter, register ${searchAttributeNames.join(', ')} (docs/operations.md) and restart the worker.`,
    );
    return [];
  }
};

/** Who this Temporal is, and which search attributes its namespace knows. */
export const readTemporalFacts = async (options: FactOptions): Promise<ActivityDependencies['temporal']> => {
  const { clusterId } = await options.connection.workflowService.getClusterInfo({});
  return { clusterId, namespace: options.namespace, searchAttributes: await ensureSearchAttributes(options) };
};
