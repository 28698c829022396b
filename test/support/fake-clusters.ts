import type { ClusterAccess, ClusterDirectory } from '../../src/activities/cluster-access';
import type { ClusterDefinition } from '../../src/config/definition';
import { UpgradeError } from '../../src/domain/common/failure';

/** A worker's directory of definitions, with the one of a model in it; like `WarmClusterDirectory`. */
export class FakeClusters implements ClusterDirectory {
  /** What is met there instead of the definition. */
  trouble: UpgradeError | null = null;
  /** Definitions that the worker has connections of; another worker that takes over has none. */
  readonly warm = new Set<string>();

  constructor(private readonly world: ClusterAccess) {}

  async open(cluster: string, wantedSha256?: string): Promise<ClusterAccess> {
    if (wantedSha256 !== undefined && this.warm.has(wantedSha256)) return this.openedWith(wantedSha256);
    await this.definition(cluster);
    this.warm.add(this.world.definitionSha256);
    return this.openedWith(this.world.definitionSha256);
  }

  definition(cluster: string): Promise<ClusterDefinition> {
    if (this.trouble !== null) return Promise.reject(this.trouble);
    return cluster === this.world.definition.cluster
      ? Promise.resolve(this.world.definition)
      : Promise.reject(new UpgradeError('UnknownCluster', `no definition of "${cluster}"`));
  }

  private openedWith(definitionSha256: string): ClusterAccess {
    const { world } = this;
    const { definition, settings, kafka, admin, gauges, lag } = world;
    const host: ClusterAccess['host'] = (nodeId) => world.host(nodeId);
    const isListening: ClusterAccess['isListening'] = (nodeId) => world.isListening(nodeId);
    return { definition, definitionSha256, settings, host, kafka, admin, gauges, lag, isListening };
  }
}
