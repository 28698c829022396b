import { nextRung } from '../../../src/domain/restart/ladder';
import type { LadderRules } from '../../../src/domain/restart/ladder';
import type { LaunchAim, RestartRecord } from '../../../src/domain/restart/restart-record';

const binaries: LadderRules = { mayPutBack: true, unchanged: false };
const protocol: LadderRules = { mayPutBack: false, unchanged: false };
const untouched: LadderRules = { mayPutBack: false, unchanged: true };

const after = (...aims: LaunchAim[]): Pick<RestartRecord, 'launches' | 'cause'> => ({
  cause: null,
  launches: aims.map((aim) => ({ aim, version: '3.8.1', started: null })),
});

const because = (record: ReturnType<typeof after>): ReturnType<typeof after> => ({
  ...record,
  cause: { type: 'StartFailed', message: 'it died' },
});

describe('the next start of a stopped node (I6)', () => {
  it.each([
    ['nothing is recorded', null, false, binaries, 'planned'],
    ['nothing was started', after(), false, binaries, 'planned'],
    ['one start failed', after('planned'), false, binaries, 'planned'],
    ['two starts failed', after('planned', 'planned'), false, binaries, 'back'],
    ['two starts failed in phase protocol', after('planned', 'planned'), false, protocol, 'give-up'],
    ['two starts failed and nothing was changed', after('planned', 'planned'), false, untouched, 'back'],
    ['another try cannot cure it', null, true, binaries, 'back'],
    ['another try cannot cure it in phase protocol', after(), true, protocol, 'give-up'],
    ['another try cannot cure it and nothing was changed', null, true, untouched, 'back'],
    ['an attempt before was on the way back', because(after()), false, binaries, 'back'],
    ['an attempt before was on the way back in phase protocol', because(after()), false, protocol, 'give-up'],
    ['the way back was tried', because(after('planned', 'planned', 'back')), false, binaries, 'give-up'],
    ['the way back was tried for what cannot be cured', after('back'), true, untouched, 'give-up'],
  ] as const)('when %s', (...[, record, permanent, rules, rung]) => {
    expect(nextRung(record, { permanent, rules })).toBe(rung);
  });
});
