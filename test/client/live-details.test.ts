import type { Client } from '@temporalio/client';
import { pendingActivities, readHeartbeat } from '../../src/client/live-details';

const verdict = { status: 'failed', message: '1 of 36', checks: [] };

describe('readHeartbeat', () => {
  it('reads a sentence', () => {
    expect(readHeartbeat('copying')).toEqual({ message: 'copying', verdict: null, step: null });
  });

  it("reads a gate's progress", () => {
    expect(readHeartbeat({ message: 'waiting', healthySinceMs: null, verdict })).toEqual({
      message: 'waiting',
      verdict,
      step: null,
    });
  });

  it.each([[null], [undefined], [7], [{ verdict: 'odd' }]])('takes %p as no details', (details) => {
    expect(readHeartbeat(details)).toEqual({ message: null, verdict: null, step: null });
  });
});

describe('pendingActivities', () => {
  const described = (lastFailure: object | null) =>
    // as: of a description only its pending activities are read, of a client nothing without heartbeats.
    pendingActivities({ options: { loadedDataConverter: { payloadCodecs: [] } } } as unknown as Client, {
      raw: { pendingActivities: [{ activityType: { name: 'restartNode' }, attempt: 25, lastFailure }] },
    });

  it('tells why the attempt before failed, with what caused it', async () => {
    const cause = { message: 'sudo: a password is required' };
    expect(await described({ message: 'the stop was refused', cause })).toEqual([
      {
        name: 'restartNode',
        attempt: 25,
        message: null,
        verdict: null,
        step: null,
        lastFailure: 'the stop was refused: sudo: a password is required',
      },
    ]);
    expect((await described({ message: `it said: ${cause.message}`, cause }))[0]?.lastFailure).toBe(
      `it said: ${cause.message}`,
    );
    expect((await described({ message: 'no route', cause: null }))[0]?.lastFailure).toBe('no route');
    expect((await described(null))[0]?.lastFailure).toBeNull();
  });
});
