import { readHeartbeat } from '../../src/client/live-details';

const verdict = { status: 'failed', message: '1 of 36', checks: [] };

describe('readHeartbeat', () => {
  it('reads a sentence', () => {
    expect(readHeartbeat('copying')).toEqual({ message: 'copying', verdict: null });
  });

  it("reads a gate's progress", () => {
    expect(readHeartbeat({ message: 'waiting', healthySinceMs: null, verdict })).toEqual({
      message: 'waiting',
      verdict,
    });
  });

  it.each([[null], [undefined], [7], [{ verdict: 'odd' }]])('takes %p as no details', (details) => {
    expect(readHeartbeat(details)).toEqual({ message: null, verdict: null });
  });
});
