import type { NodeId } from '../domain/cluster';
import type { ClientSoftware } from '../domain/risk-facts';
import { splitCsv } from './jmx-csv';

/** The beans that count open connections by client software (KIP-511). */
export const clientSoftwarePattern =
  'kafka.server:type=socket-server-metrics,listener=*,networkProcessor=*,clientSoftwareName=*,clientSoftwareVersion=*';

/** The value of a key of the bean that a column of JmxTool's report belongs to. */
export const keyOf = (column: string, key: string): string | undefined =>
  new RegExp(`[:,]${key}=("[^"]*"|[^,:]*)`).exec(column)?.[1]?.replaceAll('"', '');

const parseColumn = (nodeId: NodeId, column: string): ClientSoftware | null => {
  const name = keyOf(column, 'clientSoftwareName');
  const version = keyOf(column, 'clientSoftwareVersion');
  const listener = keyOf(column, 'listener');
  if (!column.endsWith(':connections') || name === undefined || version === undefined || listener === undefined)
    return null;
  return { nodeId, listener, name, version, connections: 0 };
};

/**
 * The client software in one CSV report, added up over the network threads of a listener; the most used first. A
 * report without these columns means that nobody is connected.
 */
export const parseClientSoftware = (nodeId: NodeId, report: string): ClientSoftware[] => {
  const lines = report.split('\n').map((line) => splitCsv(line.trim()));
  const header = lines.findIndex((cells) => cells[0] === 'time');
  const columns = lines[header] ?? [];
  const values = lines[header + 1] ?? [];
  const found = new Map<string, ClientSoftware>();
  columns.forEach((column, index) => {
    const client = parseColumn(nodeId, column);
    const connections = Math.round(Number(values[index]));
    if (client === null || !Number.isFinite(connections) || connections <= 0) return;
    const key = JSON.stringify([client.listener, client.name, client.version]);
    const known = found.get(key) ?? client;
    found.set(key, { ...known, connections: known.connections + connections });
  });
  return [...found.values()].sort((a, b) => b.connections - a.connections || a.name.localeCompare(b.name));
};
