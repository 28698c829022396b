import { isGrpcServiceError, ServiceError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';

/** gRPC's own numbers (google.rpc.Code). */
export const grpcCodes = {
  cancelled: 1,
  deadlineExceeded: 4,
  permissionDenied: 7,
  failedPrecondition: 9,
  unavailable: 14,
  unauthenticated: 16,
} as const;

const grpcErrorOf = (error: unknown): { code: number; details: string } | null => {
  if (isGrpcServiceError(error)) return error;
  return (error instanceof ServiceError || error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) &&
    isGrpcServiceError(error.cause)
    ? error.cause
    : null;
};

/** The gRPC status behind an error of the SDK, null when it is none. */
export const grpcCode = (error: unknown): number | null => grpcErrorOf(error)?.code ?? null;

/** Does the server answer, but not to us? */
export const isDenied = (error: unknown): boolean => {
  const code = grpcCode(error);
  return code === grpcCodes.unauthenticated || code === grpcCodes.permissionDenied;
};

/** What the server says about it, empty when it says nothing. */
export const grpcDetails = (error: unknown): string => grpcErrorOf(error)?.details ?? '';
