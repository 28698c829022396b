import type { NodeId } from '../domain/cluster';
import type { DeprecatedRequests } from '../domain/risk-facts';
import { keyOf } from './client-software';
import { splitCsv } from './jmx-csv';

/** The beans that count requests in versions that 4.0 no longer takes (KIP-896), on brokers of 3.7 to 3.9. */
export const deprecatedRequestsPattern =
  'kafka.network:type=RequestMetrics,name=DeprecatedRequestsPerSec,request=*,version=*,clientSoftwareName=*,clientSoftwareVersion=*';

const parseColumn = (nodeId: NodeId, column: string): Omit<DeprecatedRequests, 'count'> | null => {
  if (!column.endsWith(':Count') || keyOf(column, 'name') !== 'DeprecatedRequestsPerSec') return null;
  const request = keyOf(column, 'request');
  return request === undefined
    ? null
    : {
        nodeId,
        request,
        version: Number(keyOf(column, 'version')),
        clientName: keyOf(column, 'clientSoftwareName') ?? 'unknown',
        clientVersion: keyOf(column, 'clientSoftwareVersion') ?? 'unknown',
      };
};

/** The deprecated requests in one CSV report; a report without these columns means that there were none. */
export const parseDeprecatedRequests = (nodeId: NodeId, report: string): DeprecatedRequests[] => {
  const lines = report.split('\n').map((line) => splitCsv(line.trim()));
  const header = lines.findIndex((cells) => cells[0] === 'time');
  const values = lines[header + 1] ?? [];
  return (lines[header] ?? []).flatMap((column, index) => {
    const requests = parseColumn(nodeId, column);
    const count = Number(values[index]);
    return requests === null || !(count > 0) ? [] : [{ ...requests, count }];
  });
};
