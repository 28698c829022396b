/** Where people look at a workflow. Temporal does not tell the address of its web UI, so it is configured or derived. */
const cloudSuffix = '.tmprl.cloud';

const loopback = /^(localhost|127(?:\.\d+){3}|\[::1\])$/;

const split = (address: string): { host: string; port: number } => {
  const colon = address.lastIndexOf(':');
  return colon === -1
    ? { host: address, port: 7233 }
    : { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) };
};

/**
 * The base address of the web UI: what is configured; Temporal Cloud's; for a server on this machine the port that
 * `temporal server start-dev` chooses by default (its own plus 1000); otherwise unknown (null).
 */
export const webUiBase = (address: string, configured: string | undefined): string | null => {
  if (configured !== undefined && configured !== '') return configured.replace(/\/+$/, '');
  const { host, port } = split(address);
  if (host.endsWith(cloudSuffix)) return 'https://cloud.temporal.io';
  return loopback.test(host) && Number.isInteger(port) ? `http://${host}:${port + 1_000}` : null;
};

/** The page of one workflow. */
export const workflowPage = (base: string, namespace: string, workflowId: string): string =>
  `${base}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflowId)}`;
