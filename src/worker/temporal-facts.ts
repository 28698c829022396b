import type { NativeConnection } from '@temporalio/worker';
import type { ActivityDependencies } from '../activities/cluster-access';

/** Who this Temporal is, and which search attributes its namespace knows; without the right to ask: none. */
export const readTemporalFacts = async (
  connection: NativeConnection,
  namespace: string,
): Promise<ActivityDependencies['temporal']> => {
  const { clusterId } = await connection.workflowService.getClusterInfo({});
  const searchAttributes = await connection.operatorService
    .listSearchAttributes({ namespace })
    .then(({ customAttributes }) => Object.keys(customAttributes))
    .catch(() => []);
  return { clusterId, namespace, searchAttributes };
};
