import { visibilityQuery } from '../../src/client/list-upgrades';

const filter = { which: 'recent', attention: false, limit: 10, nowMs: Date.UTC(2026, 10, 23) } as const;
const running = 'WorkflowType = "kafkaUpgrade" AND ExecutionStatus = "Running"';

describe('visibilityQuery', () => {
  it('finds what runs, and what ended within a week', () => {
    expect(visibilityQuery(filter)).toBe(
      'WorkflowType = "kafkaUpgrade" AND (ExecutionStatus = "Running" OR CloseTime > "2026-11-16T00:00:00.000Z")',
    );
  });

  it('finds all, or only what runs', () => {
    expect(visibilityQuery({ ...filter, which: 'all' })).toBe('WorkflowType = "kafkaUpgrade"');
    expect(visibilityQuery({ ...filter, which: 'running' })).toBe(running);
  });

  it('looks at all that run for who waits: it needs no search attribute to be registered', () => {
    expect(visibilityQuery({ ...filter, which: 'all', attention: true })).toBe(running);
  });
});
