import { QueryNotRegisteredError } from '@temporalio/client';
import { NamespaceNotFoundError, WorkflowNotFoundError } from '@temporalio/common';
import type { TemporalTarget } from './connect';
import { ClientError } from './client-error';
import { deniedError } from './connection-error';
import { grpcCode, grpcCodes, isDenied } from './grpc-code';

const noWorker = (workflowId: string, error: unknown): ClientError =>
  new ClientError(
    'no-worker',
    `No worker answers for ${workflowId}; the upgrade is safe in Temporal, but nothing carries it on.`,
    { hint: 'Start a worker: `kafka-upgrade worker --definitions DIR`.', cause: error },
  );

/** What the SDK threw, as an error that an operator can act on. What is not known stays what it is. */
export const translateError = (error: unknown, workflowId: string, target: TemporalTarget): unknown => {
  if (error instanceof ClientError) return error;
  if (error instanceof NamespaceNotFoundError) {
    return new ClientError('invalid', `Temporal at ${target.address} has no namespace "${target.namespace}".`, {
      hint: 'Name another with --namespace or TEMPORAL_NAMESPACE, or create it: `temporal operator namespace create`.',
      cause: error,
    });
  }
  if (error instanceof WorkflowNotFoundError) {
    return new ClientError(
      'not-found',
      `There is no running upgrade ${workflowId} in namespace "${target.namespace}" at ${target.address}.`,
      {
        hint: 'Check the cluster name, --address and --namespace; `kafka-upgrade start CLUSTER TARGET` starts one.',
        cause: error,
      },
    );
  }
  if (error instanceof QueryNotRegisteredError) return noWorker(workflowId, error);
  if (isDenied(error)) return deniedError(error, target);
  switch (grpcCode(error)) {
    // The server gives a question up like this when the worker it was given to is gone.
    case grpcCodes.cancelled:
    case grpcCodes.deadlineExceeded:
    case grpcCodes.failedPrecondition:
      return noWorker(workflowId, error);
    case grpcCodes.unavailable:
      return new ClientError('unreachable', `Temporal at ${target.address} stopped answering.`, {
        hint: 'Check the server; the upgrade goes on where it was as soon as it is back.',
        cause: error,
      });
    default:
      return error;
  }
};
