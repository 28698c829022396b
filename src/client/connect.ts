import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { ClientConnectConfig } from '@temporalio/envconfig';
import { ClientError } from './client-error';
import { webUiBase } from './web-ui';
import { messageOf } from '../domain/message-of';

/** What an operator may say on the command line; the rest comes from TEMPORAL_* variables and the profile file. */
export interface ConnectOptions {
  address?: string | undefined;
  namespace?: string | undefined;
  profile?: string | undefined;
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

const loadConfig = (profile: string | undefined): ClientConnectConfig => {
  try {
    return loadClientConnectConfig(profile === undefined ? {} : { profile });
  } catch (error) {
    throw new ClientError('invalid', `The Temporal configuration cannot be read: ${messageOf(error)}.`, {
      hint: 'Correct TEMPORAL_PROFILE, TEMPORAL_CONFIG_FILE or the file (`temporal config list` shows it).',
      cause: error,
    });
  }
};

/** Resolves address and namespace: flags, then TEMPORAL_* variables, then the profile file, then the defaults. */
const temporalTarget = (options: ConnectOptions, config = loadConfig(options.profile)): TemporalTarget => {
  const address = options.address ?? config.connectionOptions.address ?? 'localhost:7233';
  return {
    address,
    namespace: options.namespace ?? config.namespace ?? 'default',
    webUi: webUiBase(address, options.webUi ?? process.env['TEMPORAL_UI_ADDRESS']),
  };
};

/** Connects to Temporal; a server that does not answer within 5 s is a `ClientError` of kind `unreachable`. */
export const connectTemporal = async (options: ConnectOptions): Promise<TemporalSession> => {
  const config = loadConfig(options.profile);
  const target = temporalTarget(options, config);
  const connection = await Connection.connect({
    ...config.connectionOptions,
    address: target.address,
    connectTimeout: connectTimeoutMs,
  }).catch((error: unknown) => {
    throw new ClientError('unreachable', `Temporal does not answer at ${target.address}.`, {
      hint:
        'Check that the server runs and the address is right (--address, TEMPORAL_ADDRESS or a profile); ' +
        'for a try: `temporal server start-dev`.',
      cause: error,
    });
  });
  return {
    ...target,
    client: new Client({ connection, namespace: target.namespace, identity: 'kafka-upgrade' }),
    close: () => connection.close(),
  };
};
