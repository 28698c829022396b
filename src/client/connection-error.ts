import { ClientError } from './client-error';
import { grpcDetails, isDenied } from './grpc-code';

/** The server answered, and does not let us in. */
export const deniedError = (
  error: unknown,
  { address, namespace }: { address: string; namespace: string },
): ClientError => {
  const details = grpcDetails(error);
  return new ClientError(
    'denied',
    `Temporal at ${address} does not let us into namespace "${namespace}"${details === '' ? '' : `: ${details}`}.`,
    {
      hint: 'Check the API key or the client certificate of the profile (`temporal config list`), and that it may use this namespace.',
      cause: error,
    },
  );
};

/** Why there is no connection. A failed handshake looks like silence to a client of gRPC, so TLS is named where it is used. */
export const connectionError = (
  error: unknown,
  target: { address: string; namespace: string; encrypted: boolean },
): ClientError => {
  if (isDenied(error)) return deniedError(error, target);
  const { address, encrypted } = target;
  const start = 'Check that the server runs and the address is right (--address, TEMPORAL_ADDRESS or a profile)';
  return new ClientError('unreachable', `Temporal does not answer at ${address}${encrypted ? ' over TLS' : ''}.`, {
    hint: encrypted
      ? `${start}, that it speaks TLS there, and that CA, client certificate and key of the profile are its own.`
      : `${start}; a server behind TLS needs it in the profile, too. For a try: \`temporal server start-dev\`.`,
    cause: error,
  });
};
