import type { NodeId } from '../domain/cluster/cluster';
import type { ClientSoftware } from '../domain/checks/risk-facts';
import { splitCsv } from './jmx-csv';

/** The beans that count open connections by client software (KIP-511). */
export const clientSoftwarePattern =
  'kafka.server:type=socket-server-metrics,listener=*,networkProcessor=*,clientSoftwareName=*,clientSoftwareVersion=*';

/** The value of a key in the name of a bean. */
export const beanKey = (bean: string, key: string): string | undefined =>
  new RegExp(`[:,]${key}=("[^"]*"|[^,:]*)`).exec(bean)?.[1]?.replaceAll('"', '');

/** The client software that a bean of `clientSoftwarePattern` counts; null for any other bean. */
export const clientOfBean = (nodeId: NodeId, bean: string, connections: number): ClientSoftware | null => {
  const name = beanKey(bean, 'clientSoftwareName');
  const version = beanKey(bean, 'clientSoftwareVersion');
  const listener = beanKey(bean, 'listener');
  if (name === undefined || version === undefined || listener === undefined) return null;
  return { nodeId, listener, name, version, connections: Math.round(connections) };
};

/** Counts of single network threads added up over each listener, without those who have gone; the most used first. */
export const addUpClients = (counts: readonly (ClientSoftware | null)[]): ClientSoftware[] => {
  const found = new Map<string, ClientSoftware>();
  for (const client of counts) {
    if (client === null || !Number.isFinite(client.connections) || client.connections <= 0) continue;
    const key = JSON.stringify([client.listener, client.name, client.version]);
    found.set(key, { ...client, connections: client.connections + (found.get(key)?.connections ?? 0) });
  }
  return [...found.values()].sort((a, b) => b.connections - a.connections || a.name.localeCompare(b.name));
};

/** The client software in one CSV report. A report without these columns means that nobody is connected. */
export const parseClientSoftware = (nodeId: NodeId, report: string): ClientSoftware[] => {
  const lines = report.split('\n').map((line) => splitCsv(line.trim()));
  const header = lines.findIndex((cells) => cells[0] === 'time');
  const columns = lines[header] ?? [];
  const values = lines[header + 1] ?? [];
  return addUpClients(
    columns.map((column, index) =>
      column.endsWith(':connections') ? clientOfBean(nodeId, column, Number(values[index])) : null,
    ),
  );
};
