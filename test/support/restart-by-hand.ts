/** The steps of a restart as tests of hosts take them, one by one, with what the product would fill in. */
import type { BrokerProcess, HostLease } from '../../src/domain/cluster/cluster';
import type { BringUp, BrokerHost } from '../../src/hosts/broker-host';

/** The restart that tests act for. */
export const restart = 'run-1/1.1';

/** Brings the node up as it is: the release behind the link, the file as it lies there. */
export const asItIs = async (host: BrokerHost, overrides: Partial<BringUp> = {}): Promise<BringUp> => {
  const { version, sha256 } = await host.lookAtRestart();
  return {
    restart,
    aim: 'planned',
    version: version ?? 'none',
    exited: null,
    cause: null,
    plannedSha256s: [sha256],
    properties: null,
    ...overrides,
  };
};

/** Starts the broker as it is; rejects when there is no process within the patience of the start. */
export const startBroker = async (host: BrokerHost, lease: HostLease): Promise<BrokerProcess> => {
  const { process, evidence } = await host.bringUp(lease, await asItIs(host));
  if (process === null) throw new Error(`no broker: ${evidence}`);
  return process;
};

/** Waits for the end of a process; false at the time limit. */
export const awaitExit = async (host: BrokerHost, process: BrokerProcess, timeoutMs: number): Promise<boolean> =>
  (await host.awaitStop({ process, timeoutMs, logDirectories: [] })).gone;
