import { acquireTemporal, startTemporalServer } from '../lab/provision/temporal-server';
import type { TemporalServer } from '../lab/provision/temporal-server';

/** The Temporal of the demo. */
export interface DemoTemporal {
  address: string;
  namespace: string;
  /** Base address of the web UI, null when unknown. */
  webUi: string | null;
  /** Null for somebody else's server: it is not stopped, and others may use it. */
  pid: number | null;
  stop: () => Promise<void>;
}

/**
 * A development server lets each shard read its queue only 20 times a second, which would make every step of a busy
 * workflow wait 100 ms after the first few; a production server is configured for its load in the same way.
 */
const dynamicConfig = { 'history.transferProcessorMaxPollRPS': 1_000 };

/** The server of TEMPORAL_ADDRESS, or one of our own on free ports. */
export const demoTemporal = async (options: {
  log: (line: string) => void;
  /** Where the server writes when it is to go on after this process; null: it ends with this process. */
  outliveTo: string | null;
}): Promise<DemoTemporal> => {
  const endpoint = await acquireTemporal({
    ip: '127.0.0.1',
    port: 0,
    uiPort: 0,
    log: options.log,
    dynamicConfig,
    ...(options.outliveTo === null ? {} : { outliveTo: options.outliveTo }),
  });
  const { address, namespace, uiAddress, stop } = endpoint;
  const pid = 'pid' in endpoint && typeof endpoint.pid === 'number' ? endpoint.pid : null;
  return { address, namespace, webUi: uiAddress ?? null, pid, stop };
};

/** A Temporal that can be out for a while: its histories are in a file, and its address stays the same. */
export interface DurableTemporal extends DemoTemporal {
  /** Ends the server without a warning, as a crash does. */
  kill: () => Promise<void>;
  /** Starts it again on the same histories and ports; resolves when it can be used. */
  startAgain: () => Promise<void>;
}

/** A server of our own whatever TEMPORAL_ADDRESS says: nobody else's may be killed. */
export const durableTemporal = async (options: {
  log: (line: string) => void;
  dbFile: string;
}): Promise<DurableTemporal> => {
  const start = (port: number, uiPort: number): Promise<TemporalServer> =>
    startTemporalServer({ ...options, ip: '127.0.0.1', port, uiPort, dynamicConfig });
  let server = await start(0, 0);
  const { address, namespace, uiAddress, pid } = server;
  const portOf = (url: string): number => Number(url.slice(url.lastIndexOf(':') + 1));
  return {
    address,
    namespace,
    webUi: uiAddress,
    pid,
    kill: () => server.kill(),
    startAgain: async () => {
      const ports = [portOf(address), portOf(uiAddress)] as const;
      // On a busy machine it may not be ready within the limit of a start, and nobody else would start it.
      server = await start(...ports).catch(() => start(...ports));
    },
    // The file goes away with the stage: nothing is to be saved by the 8 s of an orderly end.
    stop: () => server.kill(),
  };
};
