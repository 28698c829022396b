import type { NodeId } from '../domain/cluster/cluster';
import type { DeprecatedRequests } from '../domain/checks/risk-facts';
import { beanKey } from './client-software';
import { splitCsv } from './jmx-csv';

/** The beans that count requests in versions that 4.0 no longer takes (KIP-896), on brokers of 3.7 to 3.9. */
export const deprecatedRequestsPattern =
  'kafka.network:type=RequestMetrics,name=DeprecatedRequestsPerSec,request=*,version=*,clientSoftwareName=*,clientSoftwareVersion=*';

/** The requests that a bean of the pattern counts; null for any other bean, and where there were none. */
export const requestsOfBean = (nodeId: NodeId, bean: string, count: number): DeprecatedRequests | null => {
  const request = beanKey(bean, 'request');
  if (request === undefined || beanKey(bean, 'name') !== 'DeprecatedRequestsPerSec' || !(count > 0)) return null;
  return {
    nodeId,
    request,
    version: Number(beanKey(bean, 'version')),
    clientName: beanKey(bean, 'clientSoftwareName') ?? 'unknown',
    clientVersion: beanKey(bean, 'clientSoftwareVersion') ?? 'unknown',
    count,
  };
};

/** The deprecated requests in one CSV report; a report without these columns means that there were none. */
export const parseDeprecatedRequests = (nodeId: NodeId, report: string): DeprecatedRequests[] => {
  const lines = report.split('\n').map((line) => splitCsv(line.trim()));
  const header = lines.findIndex((cells) => cells[0] === 'time');
  const values = lines[header + 1] ?? [];
  return (lines[header] ?? []).flatMap((column, index) =>
    column.endsWith(':Count') ? (requestsOfBean(nodeId, column, Number(values[index])) ?? []) : [],
  );
};
