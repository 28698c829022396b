import type { HostFacts, RegisteredNodes } from '../domain/cluster/cluster';
import { UpgradeError } from '../domain/common/failure';
import { readProperties } from '../domain/settings/server-properties';
import type { OperationContext } from '../hosts/broker-host';
import type { ClusterAccess } from './cluster-access';

/** Where a node keeps the metadata log: metadata.log.dir, else the first of its log directories (KafkaConfig). */
export const metadataDirectory = (properties: string): string | null => {
  const settings = readProperties(properties);
  const directories = settings['log.dirs'] ?? settings['log.dir'] ?? '';
  return settings['metadata.log.dir'] ?? directories.split(',')[0]?.trim() ?? null;
};

/** Who is registered, by the first controller whose log can be read; null when none can. */
export const readRegistrations = async (
  access: ClusterAccess,
  controllers: readonly HostFacts[],
  context: OperationContext,
): Promise<RegisteredNodes | null> => {
  for (const { nodeId, properties } of controllers) {
    const directory = metadataDirectory(properties);
    if (directory === null || directory === '') continue;
    try {
      return await access.host(nodeId).registeredNodes(directory, context);
    } catch (error) {
      if (!(error instanceof UpgradeError)) throw error;
    }
  }
  return null;
};
