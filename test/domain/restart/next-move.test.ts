import fc from 'fast-check';
import { nextMove } from '../../../src/domain/restart/next-move';
import type { RestartLook } from '../../../src/domain/restart/next-move';
import { sameProcess } from '../../../src/domain/restart/restart-record';
import type { RestartRecord } from '../../../src/domain/restart/restart-record';

const goal = { id: 'run-1/1.20', version: '3.8.1', sha256: 'planned' };
const first = { pid: 102, startTicks: 1 };
const second = { pid: 1001, startTicks: 9 };

const look = (overrides: Partial<RestartLook> = {}): RestartLook => ({
  process: null,
  starting: false,
  record: null,
  version: '3.8.1',
  sha256: 'planned',
  ...overrides,
});

const recordOf = (overrides: Partial<RestartRecord> = {}): RestartRecord => ({
  id: goal.id,
  asked: first,
  exited: null,
  cause: null,
  launches: [],
  ...overrides,
});

const launched = (started: RestartLook['process'], aim: 'planned' | 'back' = 'planned'): RestartRecord['launches'] => [
  { aim, version: aim === 'planned' ? '3.8.1' : '3.7.2', started },
];

describe('what a restart does next', () => {
  it.each<[string, RestartLook, unknown]>([
    ['a process that nobody asked to stop', look({ process: first }), { kind: 'gate', process: first }],
    [
      'one that runs in the place of the one that was asked',
      look({ process: second, record: recordOf() }),
      { kind: 'gate', process: second },
    ],
    [
      'one that runs in the place of the one that was started',
      look({ process: first, record: recordOf({ asked: null, launches: launched(second) }) }),
      { kind: 'gate', process: first },
    ],
    ['the one that was asked', look({ process: first, record: recordOf() }), { kind: 'await-exit', process: first }],
    [
      'the one that another restart asked',
      look({ process: first, record: recordOf({ id: 'run-0/1.1' }) }),
      { kind: 'await-exit', process: first },
    ],
    ['none', look(), { kind: 'bring-up' }],
    ['none, and a stop on record', look({ record: recordOf() }), { kind: 'bring-up' }],
    ['none yet, while the start command works', look({ starting: true }), { kind: 'await-start' }],
    [
      'the one that this restart started',
      look({ process: second, record: recordOf({ launches: launched(second) }) }),
      { kind: 'await-listening', process: second, aim: 'planned' },
    ],
    [
      'the one that this restart put back',
      look({ process: second, version: '3.7.2', record: recordOf({ launches: launched(second, 'back') }) }),
      { kind: 'await-listening', process: second, aim: 'back' },
    ],
    [
      'the one of a start whose process was not there yet',
      look({ process: second, record: recordOf({ launches: launched(null) }) }),
      { kind: 'await-listening', process: second, aim: 'planned' },
    ],
    [
      'the one that an earlier restart started, and all is as planned',
      look({ process: second, record: recordOf({ id: 'run-0/1.1', launches: launched(second) }) }),
      { kind: 'await-listening', process: second, aim: 'planned' },
    ],
    [
      "one that appeared since the start of an earlier restart, which had seen none: it may be anybody's",
      look({ process: second, record: recordOf({ id: 'run-0/1.1', launches: launched(null) }) }),
      { kind: 'gate', process: second },
    ],
    [
      'the one that an earlier restart started with another file',
      look({ process: second, sha256: 'before', record: recordOf({ id: 'run-0/1.1', launches: launched(second) }) }),
      { kind: 'gate', process: second },
    ],
    [
      'the one that an earlier restart started, with another link by now',
      look({ process: second, version: '3.7.2', record: recordOf({ id: 'run-0/1.1', launches: launched(second) }) }),
      { kind: 'gate', process: second },
    ],
    [
      'the one that an earlier restart put back',
      look({ process: second, record: recordOf({ id: 'run-0/1.1', launches: launched(second, 'back') }) }),
      { kind: 'gate', process: second },
    ],
  ])('%s', (_, seen, move) => {
    expect(nextMove(seen, goal)).toEqual(move);
  });
});

const processes = fc.constantFrom(null, first, second, { pid: first.pid, startTicks: 77 });
const looks: fc.Arbitrary<RestartLook> = fc.record({
  process: processes,
  starting: fc.boolean(),
  version: fc.constantFrom(null, '3.7.2', '3.8.1'),
  sha256: fc.constantFrom('before', 'planned', 'drifted', ''),
  record: fc.option(
    fc.record({
      id: fc.constantFrom(goal.id, 'run-0/1.1'),
      asked: processes,
      exited: fc.option(fc.record({ stopMs: fc.option(fc.nat()), clean: fc.boolean() })),
      cause: fc.option(fc.record({ type: fc.constant('StartFailed'), message: fc.string() })),
      launches: fc.array(
        fc.record({
          aim: fc.constantFrom('planned' as const, 'back' as const),
          version: fc.constantFrom('3.7.2', '3.8.1'),
          started: processes,
        }),
        { maxLength: 3 },
      ),
    }),
  ),
});

describe('whatever a host shows', () => {
  it('I1: a node is brought up only where no process runs and no start command works', () => {
    fc.assert(
      fc.property(looks, (seen) => {
        const { kind } = nextMove(seen, goal);
        expect(kind === 'bring-up').toBe(seen.process === null && !seen.starting);
        expect(kind === 'await-start').toBe(seen.process === null && seen.starting);
      }),
    );
  });

  it('I4: what was asked and not replaced is never measured again as if nobody had asked', () => {
    fc.assert(
      fc.property(looks, (seen) => {
        const move = nextMove(seen, goal);
        if (move.kind !== 'gate') return;
        expect(sameProcess(move.process, seen.record?.asked ?? null)).toBe(false);
      }),
    );
  });

  it('only what a start on record can have brought up is taken for started', () => {
    fc.assert(
      fc.property(looks, (seen) => {
        const move = nextMove(seen, goal);
        if (move.kind !== 'await-listening') return;
        const launch = seen.record?.launches.at(-1);
        expect(launch?.aim).toBe(move.aim);
        expect(launch?.started === null || sameProcess(seen.process, launch?.started ?? null)).toBe(true);
      }),
    );
  });

  it('a restart comes to its end by its own moves, whoever takes it over and however often', () => {
    const path = (start: RestartLook): string[] => {
      const kinds: string[] = [];
      for (let seen = start; kinds.length < 10;) {
        const move = nextMove(seen, goal);
        kinds.push(move.kind);
        if (move.kind === 'await-listening') return kinds;
        seen = afterMove(seen, move.kind);
      }
      return kinds;
    };
    fc.assert(fc.property(looks, (seen) => expect(path(seen).at(-1)).toBe('await-listening')));
  });
});

/** What the host shows when a move of this restart has done its work. */
const afterMove = (seen: RestartLook, kind: string): RestartLook => {
  const third = { pid: 2_002, startTicks: 20 };
  if (kind === 'gate') return { ...seen, record: recordOf({ asked: seen.process }) };
  if (kind === 'await-exit') return { ...seen, process: null, starting: false };
  if (kind === 'await-start') return { ...seen, starting: false };
  const record = seen.record?.id === goal.id ? seen.record : recordOf({ asked: null });
  return {
    ...seen,
    process: third,
    version: goal.version,
    sha256: goal.sha256,
    record: { ...record, launches: [...record.launches, ...launched(third)] },
  };
};
