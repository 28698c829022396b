import { ServiceError } from '@temporalio/client';
import { NamespaceNotFoundError, WorkflowNotFoundError } from '@temporalio/common';
import { ClientError } from '../../src/client/client-error';
import { translateError } from '../../src/client/translate-error';

const target = { address: '127.0.0.1:7233', namespace: 'default', webUi: null };

/** An error as the SDK throws it for a gRPC status. */
const grpcError = (code: number): ServiceError => {
  const cause = Object.assign(new Error(`${code} status`), { code, details: '', metadata: {} });
  return new ServiceError('Failed to query Workflow', { cause });
};

const kindOf = (error: unknown): string | null => {
  const translated = translateError(error, 'kafka-upgrade/lab', target);
  return translated instanceof ClientError ? translated.kind : null;
};

describe('what the SDK throws, for an operator', () => {
  it.each([
    ['a question that took too long', grpcError(4), 'no-worker'],
    ['a question without a worker to ask', grpcError(9), 'no-worker'],
    ['a question whose worker was killed while it was asked', grpcError(1), 'no-worker'],
    ['a server that is gone', grpcError(14), 'unreachable'],
    ['an unknown namespace', new NamespaceNotFoundError('default'), 'invalid'],
    ['no such workflow', new WorkflowNotFoundError('not found', 'kafka-upgrade/lab', undefined), 'not-found'],
    ['anything else', new Error('else'), null],
    ['an unknown status', grpcError(13), null],
  ])('knows %s', (_what, error, kind) => {
    expect(kindOf(error)).toBe(kind);
  });
});
