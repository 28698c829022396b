/** How a stop ended, in figures and words. Clean: `.kafka_cleanshutdown` in every log directory (kafka.log.LogManager). */
import type { StopTrace } from '../../hosts/broker-host';
import type { RestartNodeInput, StopFigures } from '../contract';

type Stopped = Pick<RestartNodeInput, 'nodeId' | 'roles'>;

const missingMarkers = ({ cleanShutdownMarkers }: StopTrace): string[] =>
  cleanShutdownMarkers.filter(({ present }) => !present).map(({ directory }) => directory);

/** An isolated controller has no log directories of a broker, and so no marker: its metadata log is always recovered. */
const isClean = ({ roles }: Stopped, trace: StopTrace): boolean =>
  !roles.includes('broker') || (trace.cleanShutdownMarkers.length > 0 && missingMarkers(trace).length === 0);

/** The figures of a stop. */
export const stopFigures = (node: Stopped, trace: StopTrace): StopFigures => ({
  stopMs: trace.stopMs ?? 0,
  clean: isClean(node, trace),
});

/** A stop in a sentence. */
export const stopWords = (node: Stopped, trace: StopTrace): string => {
  const { nodeId, roles } = node;
  const taken = trace.stopMs === null ? '' : ` in ${(trace.stopMs / 1000).toFixed(1)} s`;
  if (!roles.includes('broker')) return `controller ${nodeId} ended${taken}`;
  if (isClean(node, trace))
    return `broker ${nodeId} stopped cleanly${taken}; .kafka_cleanshutdown is in ${trace.cleanShutdownMarkers.length} log directories`;
  const where = missingMarkers(trace).join(', ') || 'unknown log directories';
  return `broker ${nodeId} stopped, but not cleanly: .kafka_cleanshutdown is missing in ${where}; log tail: ${trace.logTail.slice(-500)}`;
};
