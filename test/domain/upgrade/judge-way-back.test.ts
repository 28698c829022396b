import fc from 'fast-check';
import { checkLevels } from '../../../src/domain/health/assess-levels';
import { standingStep } from '../../../src/domain/levels/finalization';
import { judgeWayBack } from '../../../src/domain/upgrade/judge-way-back';
import type { WayBack } from '../../../src/domain/upgrade/judge-way-back';
import type { UpgradePlan } from '../../../src/domain/plan/upgrade-plan';
import type { UpgradeEventBody } from '../../../src/domain/upgrade/upgrade-state';
import { planMade, samplePlan, stateAfter } from '../../support/upgrade-fixture';

const kraft = (overrides: Partial<UpgradePlan> = {}): UpgradePlan =>
  samplePlan({ mode: 'kraft', fromVersion: '3.7.2', toVersion: '3.9.2', finalization: [], ...overrides });

const raised = (feature: string): UpgradeEventBody => ({
  type: 'feature',
  feature,
  progress: { state: 'raised', detail: '' },
});

/** What is judged of these finalized features, all read from broker 1. */
const judge = (
  plan: UpgradePlan,
  finalized: Record<string, number>,
  { downgrade = false, events = [] as UpgradeEventBody[], unread = [] as string[] } = {},
): WayBack => {
  const levels = Object.entries(finalized).map(([feature, level]) => ({
    feature,
    level: String(level),
    where: 'broker 1',
  }));
  const check = checkLevels({ levels, unread }, plan.fromVersion);
  return judgeWayBack(stateAfter(planMade(plan), ...events), plan, { found: { finalized, check }, downgrade });
};

const why = (judged: WayBack): string => (judged.possible ? 'possible' : judged.why);

describe('the way back of a KRaft cluster, by what was read', () => {
  it('is free while the old release knows every level', () => {
    expect(judge(kraft(), { 'metadata.version': 19 })).toEqual({ possible: true, lower: [] });
  });

  it('wants the word for a level that was raised by hand, and lowers it to where the plan met it', () => {
    const plan = kraft({ finalization: [standingStep('metadata.version', 18, 21)] });
    const hands = { 'metadata.version': 20 };
    expect(judge(plan, hands)).toMatchObject({ possible: false, beyond: true });
    expect(why(judge(plan, hands))).toBe(
      'metadata.version is 3.8-IV0 (read from broker 1), and 3.7.2 knows none after 3.7-IV4. It can be lowered first (metadata.version 3.8-IV0 → 3.7-IV3): to do that, too, send `rollback` with {"downgrade":true}',
    );
    expect(judge(plan, hands, { downgrade: true })).toEqual({
      possible: true,
      lower: [standingStep('metadata.version', 18, 20)],
    });
  });

  it('lowers what the plan never meant to raise to the newest level that the old release knows', () => {
    expect(judge(kraft(), { 'metadata.version': 21 }, { downgrade: true })).toEqual({
      possible: true,
      lower: [standingStep('metadata.version', 19, 21)],
    });
  });

  it('lowers last what the others need, and what this run raised as it stands now', () => {
    const plan = kraft({
      fromVersion: '4.0.2',
      toVersion: '4.2.1',
      finalization: [standingStep('metadata.version', 25, 27)],
    });
    const now = { 'metadata.version': 29, 'share.version': 1, 'streams.version': 1 };
    const judged = judge(plan, now, { downgrade: true, events: [raised('metadata.version')] });
    expect(judged).toMatchObject({
      possible: true,
      lower: [
        { feature: 'streams.version', from: 0, to: 1 },
        { feature: 'share.version', from: 0, to: 1 },
        { feature: 'metadata.version', from: 25, to: 29 },
      ],
    });
  });

  it('still lowers what this run raised where that was lowered by hand: its log holds the higher level', () => {
    const plan = kraft({ finalization: [standingStep('metadata.version', 19, 21)] });
    const events = [raised('metadata.version')];
    expect(judge(plan, { 'metadata.version': 19 }, { downgrade: true, events })).toMatchObject({
      possible: true,
      lower: [{ feature: 'metadata.version', from: 19, to: 21 }],
    });
    expect(judge(plan, {}, { downgrade: true, events })).toMatchObject({ possible: true });
  });

  it.each([
    ['metadata.version', 30, 'IRREVERSIBLE: 4.0-IV1, 4.3-IV0 changed what the metadata log holds'],
    ['kraft.version', 1, 'IRREVERSIBLE: a static quorum becomes a dynamic one for good'],
    ['unheard.of', 1, 'unheard.of: Nothing is known here of its way back. Go on upward'],
  ])('is closed by %s %i, whatever is said', (feature, level, words) => {
    const finalized = { 'metadata.version': 19, [feature]: level };
    for (const downgrade of [false, true]) {
      const judged = judge(kraft(), finalized, { downgrade });
      expect(judged).toMatchObject({ possible: false, beyond: true });
      expect(why(judged)).toContain(words);
    }
  });

  it('is closed below the oldest level that the old release knows', () => {
    const judged = judge(kraft({ fromVersion: '4.0.2' }), { 'metadata.version': 5 }, { downgrade: true });
    expect(judged).toMatchObject({ possible: false, beyond: true });
    expect(why(judged)).toContain('4.0.2 knows none before 3.3-IV3. Go on upward');
  });

  it('is never open while the levels cannot be read', () => {
    const judged = judge(kraft(), {}, { downgrade: true, unread: ['no node tells'] });
    expect(judged).toMatchObject({ possible: false, beyond: false });
    expect(why(judged)).toBe(
      'the levels in force cannot be read: no node tells. Repair that, then send `rollback` again',
    );
  });

  it('is open exactly when everything that is beyond can be lowered, and that was asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 15, max: 30 }), fc.nat({ max: 2 }), fc.boolean(), (metadata, transaction, down) => {
        const judged = judge(
          kraft(),
          { 'metadata.version': metadata, 'transaction.version': transaction },
          { downgrade: down },
        );
        const beyond = metadata > 19 || transaction > 0;
        const canBeLowered = metadata <= 22;
        expect(judged.possible).toBe(!beyond || (canBeLowered && down));
      }),
    );
  });
});

describe('the way back of a ZooKeeper cluster, by what was read', () => {
  const plan = samplePlan();
  const given = (levels: [level: string, where: string][], unread: string[] = []): WayBack => {
    const seen = levels.map(([level, where]) => ({ feature: 'inter.broker.protocol.version', level, where }));
    const check = checkLevels({ levels: seen, unread }, plan.fromVersion);
    return judgeWayBack(stateAfter(planMade(plan)), plan, { found: { finalized: {}, check }, downgrade: true });
  };

  it('is free while every broker speaks what the old release knows', () => {
    expect(given([['3.7', 'broker 1']])).toEqual({ possible: true, lower: [] });
  });

  it('is closed by one broker that speaks more, or by a file that says so', () => {
    for (const where of ['broker 2', 'server.properties of broker 2']) {
      const judged = given([
        ['3.7', 'broker 1'],
        ['3.8-IV0', where],
      ]);
      expect(judged).toMatchObject({ possible: false, beyond: true });
      expect(why(judged)).toBe(
        `inter.broker.protocol.version is 3.8-IV0 (read from ${where}), and 3.7.2 knows none after 3.7. A value that only stands in a file can be put back there; a protocol that a broker has spoken cannot be taken back. Go on upward with what it waits for: \`approve\`, \`retry\` or \`resume\``,
      );
    }
  });

  it('is closed for now while one of them cannot be read', () => {
    expect(given([['3.7', 'broker 1']], ['broker 2 is silent'])).toEqual({
      possible: false,
      beyond: false,
      why: 'the levels in force cannot be read: broker 2 is silent. Repair that, then send `rollback` again',
    });
  });
});
