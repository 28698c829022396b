import fc from 'fast-check';
import { assumedRestartMs, expectedDuration } from '../../../src/domain/plan/expected-duration';
import { defaultPolicy } from '../../../src/domain/policy/policy';
import type { UpgradePlan } from '../../../src/domain/plan/upgrade-plan';
import { kraftPlan } from '../../support/kraft-fixture';
import { samplePlan } from '../../support/upgrade-fixture';

const soaking = (plan: UpgradePlan, soakMs: number): UpgradePlan => ({ ...plan, policy: { ...defaultPolicy, soakMs } });

const needing = (binaries: boolean[], protocol: boolean[]): UpgradePlan => {
  const [step] = samplePlan().steps.binaries;
  const steps = (needed: boolean[]) =>
    needed.flatMap((each) => (step === undefined ? [] : [{ ...step, needed: each }]));
  return samplePlan({ steps: { binaries: steps(binaries), protocol: steps(protocol) } });
};

describe('how long an upgrade is expected to take', () => {
  it('is two rolls of three brokers: six restarts of a minute, each with a soak, and a soak after each roll', () => {
    expect(expectedDuration(soaking(samplePlan(), 30_000))).toEqual({
      restarts: 6,
      features: 0,
      rolls: 2,
      totalMs: 6 * 90_000 + 2 * 30_000,
    });
  });

  it('is one roll and a soak for each feature on KRaft', () => {
    expect(expectedDuration(soaking(kraftPlan(), 10_000))).toEqual({
      restarts: 6,
      features: 5,
      rolls: 1,
      totalMs: 6 * 70_000 + 6 * 10_000,
    });
  });

  it.each([
    { left: 'a half-done upgrade', binaries: [false, true, true], protocol: [true, true, true], restarts: 5, rolls: 2 },
    { left: 'only the second roll', binaries: [false, false], protocol: [true, true, true], restarts: 3, rolls: 1 },
    { left: 'only the first roll', binaries: [true, true, true], protocol: [false], restarts: 3, rolls: 1 },
    { left: 'nothing', binaries: [false, false, false], protocol: [false], restarts: 0, rolls: 0 },
  ])('counts what is left: $left', ({ binaries, protocol, restarts, rolls }) => {
    const totalMs = restarts * (assumedRestartMs + 30_000) + rolls * 30_000;
    expect(expectedDuration(soaking(needing(binaries, protocol), 30_000))).toEqual({
      restarts,
      features: 0,
      rolls,
      totalMs,
    });
  });

  it('property: a node more to restart never makes it shorter', () => {
    const steps = fc.array(fc.boolean(), { maxLength: 9 });
    fc.assert(
      fc.property(steps, steps, fc.nat(60_000), (binaries, protocol, soakMs) => {
        const [one, more] = [needing(binaries, protocol), needing([...binaries, true], protocol)];
        const longer = expectedDuration(soaking(more, soakMs)).totalMs - expectedDuration(soaking(one, soakMs)).totalMs;
        expect(longer).toBeGreaterThanOrEqual(assumedRestartMs + soakMs);
      }),
    );
  });
});
