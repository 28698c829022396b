import { Client, Connection } from '@temporalio/client';
import { connectionError } from './connection-error';
import { payloadCodecs } from './payload-codec';
import { isEncrypted, temporalConfig } from './temporal-config';
import type { TemporalFlags } from './temporal-config';
import { webUiBase } from './web-ui';

/** What an operator may say on the command line; the rest comes from TEMPORAL_* variables and the profile file. */
export interface ConnectOptions extends TemporalFlags {
  /** Base address of the web UI, for printed links. */
  webUi?: string | undefined;
}

/** Where Temporal is, after flags, environment and profile. */
export interface TemporalTarget {
  address: string;
  namespace: string;
  /** Base address of the web UI, null when it cannot be known. */
  webUi: string | null;
}

/** An open connection to Temporal. */
export interface TemporalSession extends TemporalTarget {
  client: Client;
  close: () => Promise<void>;
}

/** Long enough for a far server, short enough for a person who mistyped an address (ms). */
const connectTimeoutMs = 5_000;

/** Connects to Temporal; a server that does not answer within 5 s, or turns us away, is a `ClientError`. */
export const connectTemporal = async (options: ConnectOptions): Promise<TemporalSession> => {
  const { connectionOptions, namespace } = temporalConfig(options);
  const { address } = connectionOptions;
  const connection = await Connection.connect({ ...connectionOptions, connectTimeout: connectTimeoutMs }).catch(
    (error: unknown) => {
      throw connectionError(error, { address, namespace, encrypted: isEncrypted(connectionOptions) });
    },
  );
  return {
    address,
    namespace,
    webUi: webUiBase(address, options.webUi ?? process.env['TEMPORAL_UI_ADDRESS']),
    client: new Client({ connection, namespace, identity: 'kafka-upgrade', dataConverter: { payloadCodecs } }),
    close: () => connection.close(),
  };
};
