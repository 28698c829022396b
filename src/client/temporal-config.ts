import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { ClientConnectConfig } from '@temporalio/envconfig';
import { messageOf } from '../domain/common/message-of';
import { ClientError } from './client-error';

/** What may be said on a command line; the rest comes from TEMPORAL_* variables and the profile file. */
export interface TemporalFlags {
  address?: string | undefined;
  namespace?: string | undefined;
  profile?: string | undefined;
}

/** How Temporal is reached: TLS, API key and further headers are in the options of the connection. */
export interface TemporalConfig {
  connectionOptions: ClientConnectConfig['connectionOptions'] & { address: string };
  namespace: string;
}

const load = (profile: string | undefined): ClientConnectConfig => {
  try {
    return loadClientConnectConfig(profile === undefined ? {} : { profile });
  } catch (error) {
    throw new ClientError('invalid', `The Temporal configuration cannot be read: ${messageOf(error)}.`, {
      hint: 'Correct TEMPORAL_PROFILE, TEMPORAL_CONFIG_FILE or the file (`temporal config list` shows it).',
      cause: error,
    });
  }
};

/** Flags, then TEMPORAL_* variables, then the profile file, then the defaults: the same for operators and workers. */
export const temporalConfig = ({ address, namespace, profile }: TemporalFlags): TemporalConfig => {
  const { connectionOptions, namespace: configured } = load(profile);
  return {
    connectionOptions: {
      ...connectionOptions,
      address: address ?? connectionOptions.address ?? 'localhost:7233',
    },
    namespace: namespace ?? configured ?? 'default',
  };
};

/** TLS is asked for explicitly, or comes with an API key. */
export const isEncrypted = ({ tls }: TemporalConfig['connectionOptions']): boolean =>
  tls !== undefined && tls !== null && tls !== false;
