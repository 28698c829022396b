import fc from 'fast-check';
import {
  closedWindow,
  isTimeZone,
  maintenanceAt,
  maintenanceWords,
  weekdays,
} from '../../../src/domain/policy/maintenance';
import type { MaintenancePolicy, MaintenanceWindow } from '../../../src/domain/policy/maintenance';

const at = (moment: string): number => Date.parse(moment);
const hour = 3_600_000;

const nights: MaintenanceWindow = {
  days: ['mon', 'tue', 'wed', 'thu'],
  from: '22:00',
  to: '05:00',
  timeZone: 'Europe/Berlin',
};
const policy = (windows: MaintenanceWindow[], freezeUntil: string | null = null): MaintenancePolicy => ({
  windows,
  freezeUntilMs: freezeUntil === null ? null : at(freezeUntil),
});

/** `open`, or why not and until when in UTC. */
const told = (given: MaintenancePolicy, moment: string): string => {
  const state = maintenanceAt(given, at(moment));
  return state.open ? 'open' : `${state.why} ${new Date(state.opensAtMs).toISOString().slice(0, 16)}`;
};

describe('without windows', () => {
  it('is always open', () => {
    expect(told(policy([]), '2026-11-25T12:00:00Z')).toBe('open');
  });

  it.each([
    ['2027-01-04T04:59:59Z', 'freeze 2027-01-04T05:00'],
    ['2027-01-04T05:00:00Z', 'open'],
  ])('a freeze at %s: %s', (moment, expected) => {
    expect(told(policy([], '2027-01-04T06:00:00+01:00'), moment)).toBe(expected);
  });
});

describe('at night, Monday to Thursday in Berlin', () => {
  // 2026-11-25 is a Wednesday; Berlin is one hour before UTC in winter.
  it.each([
    ['noon of Wednesday', '2026-11-25T11:00:00Z', 'window 2026-11-25T21:00'],
    ['the minute before', '2026-11-25T20:59:59Z', 'window 2026-11-25T21:00'],
    ['its first moment', '2026-11-25T21:00:00Z', 'open'],
    ['after midnight', '2026-11-26T01:00:00Z', 'open'],
    ['its last second', '2026-11-26T03:59:59Z', 'open'],
    ['its end', '2026-11-26T04:00:00Z', 'window 2026-11-26T21:00'],
    ['Friday night: over the weekend to Monday', '2026-11-27T22:00:00Z', 'window 2026-11-30T21:00'],
    ['early Friday, still the window of Thursday', '2026-11-27T03:00:00Z', 'open'],
    ['Saturday', '2026-11-28T12:00:00Z', 'window 2026-11-30T21:00'],
  ])('%s', (_, moment, expected) => {
    expect(told(policy([nights]), moment)).toBe(expected);
  });

  it('a freeze that ends inside of a window opens there, and one that ends outside at the next window', () => {
    expect(told(policy([nights], '2026-11-25T23:00:00Z'), '2026-11-25T12:00:00Z')).toBe('freeze 2026-11-25T23:00');
    expect(told(policy([nights], '2026-11-27T12:00:00Z'), '2026-11-25T22:00:00Z')).toBe('freeze 2026-11-30T21:00');
  });
});

describe('when clocks change', () => {
  const berlin = (from: string, to: string): MaintenancePolicy =>
    policy([{ days: [...weekdays], from, to, timeZone: 'Europe/Berlin' }]);

  // On 2026-03-29 the clocks of Berlin jump from 02:00 to 03:00, on 2026-10-25 from 03:00 back to 02:00.
  it.each([
    [
      'in spring the same local hour is an hour earlier by UTC',
      berlin('22:00', '05:00'),
      '2026-03-29T12:00:00Z',
      'window 2026-03-29T20:00',
    ],
    ['the day before it is not', berlin('22:00', '05:00'), '2026-03-28T12:00:00Z', 'window 2026-03-28T21:00'],
    [
      'a night that is an hour shorter ends at 05:00 of the new time',
      berlin('22:00', '05:00'),
      '2026-03-29T02:59:00Z',
      'open',
    ],
    ['and not later', berlin('22:00', '05:00'), '2026-03-29T03:00:00Z', 'window 2026-03-29T20:00'],
    [
      'a beginning that the clocks skip is an hour later',
      berlin('02:30', '04:00'),
      '2026-03-29T00:00:00Z',
      'window 2026-03-29T01:30',
    ],
    ['a night that is an hour longer', berlin('22:00', '05:00'), '2026-10-25T03:59:00Z', 'open'],
    ['ends then', berlin('22:00', '05:00'), '2026-10-25T04:00:00Z', 'window 2026-10-25T21:00'],
  ])('%s', (_, given, moment, expected) => {
    expect(told(given, moment)).toBe(expected);
  });
});

describe('unusual windows', () => {
  it.each([
    ['the whole day, by the same time twice', { from: '00:00', to: '00:00' }, '2026-11-25T23:59:00Z', 'open'],
    ['to the end of the day', { from: '18:00', to: '24:00' }, '2026-11-25T23:59:59Z', 'open'],
    ['and no longer', { from: '18:00', to: '24:00' }, '2026-11-26T00:00:00Z', 'window 2026-11-26T18:00'],
  ])('%s', (_, times, moment, expected) => {
    expect(told(policy([{ days: [...weekdays], timeZone: 'UTC', ...times }]), moment)).toBe(expected);
  });

  it('several: the next of them opens', () => {
    const early: MaintenanceWindow = { days: ['sun'], from: '03:00', to: '06:00', timeZone: 'America/New_York' };
    expect(told(policy([nights, early]), '2026-11-28T12:00:00Z')).toBe('window 2026-11-29T08:00');
  });
});

it('what is said to open is open then, and closed a moment before', () => {
  const window = fc.record({
    days: fc.uniqueArray(fc.constantFrom(...weekdays), { minLength: 1 }),
    from: fc.constantFrom('00:00', '02:30', '09:15', '22:00', '23:59'),
    to: fc.constantFrom('00:00', '03:00', '05:45', '12:00', '24:00'),
    timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe'),
  });
  const moment = fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2027-12-31T00:00:00Z') });
  fc.assert(
    fc.property(fc.array(window, { minLength: 1, maxLength: 3 }), moment, (windows, nowMs) => {
      const given = policy(windows);
      const state = maintenanceAt(given, nowMs);
      if (state.open) return;
      expect(state.opensAtMs - nowMs).toBeLessThanOrEqual(8 * 24 * hour);
      expect(maintenanceAt(given, state.opensAtMs)).toEqual({ open: true });
      expect(maintenanceAt(given, state.opensAtMs - 1).open).toBe(false);
    }),
    { numRuns: 100 },
  );
});

describe('in words', () => {
  it('why, and until when, in the time of those who wrote it', () => {
    expect(closedWindow(policy([nights]), at('2026-11-25T12:00:00Z'))).toEqual({
      words:
        'Outside of the maintenance windows (mon, tue, wed, thu 22:00-05:00 Europe/Berlin): nothing new is started before 2026-11-25 22:00 (Europe/Berlin).',
      opensAtMs: at('2026-11-25T21:00:00Z'),
    });
    expect(closedWindow(policy([], '2027-01-04T06:00:00+01:00'), at('2026-12-24T00:00:00Z'))?.words).toBe(
      'Frozen by the cluster definition: nothing new is started before 2027-01-04 05:00 (UTC).',
    );
    expect(closedWindow(policy([nights]), at('2026-11-25T22:00:00Z'))).toBeNull();
  });

  it('what the plan says of it', () => {
    const daily: MaintenanceWindow = { days: [...weekdays], from: '01:00', to: '04:00', timeZone: 'UTC' };
    expect(maintenanceWords(policy([nights, daily], '2027-01-04T05:00:00Z'))).toEqual([
      'mon, tue, wed, thu 22:00-05:00 Europe/Berlin',
      'daily 01:00-04:00 UTC',
      'frozen until 2027-01-04 06:00 (Europe/Berlin)',
    ]);
    expect(maintenanceWords(policy([]))).toEqual([]);
    expect(maintenanceWords(policy([], '2027-01-04T05:00:00Z'))).toEqual(['frozen until 2027-01-04 05:00 (UTC)']);
  });

  it.each([
    ['Europe/Berlin', true],
    ['UTC', true],
    ['Mars/Olympus', false],
    ['', false],
  ])('time zone %j: %s', (name, known) => {
    expect(isTimeZone(name)).toBe(known);
  });
});
