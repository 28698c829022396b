import type { NodeRole } from '../domain/cluster/cluster';

/** The listener that the worker asks: as written, else the usual port of a broker or of an isolated controller. */
export const kafkaAddress = (node: { host: string; kafka?: string | undefined }, roles: readonly NodeRole[]): string =>
  node.kafka ?? `${node.host}:${roles.includes('broker') ? 9092 : 9093}`;
