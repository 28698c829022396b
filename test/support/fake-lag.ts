import type { LagAssessment } from '../../src/domain/lag/lag';

/** As the product's own assessment leaves out what was accepted by name; the model's groups only ever stall. */
export const withoutStalled = (assessment: LagAssessment, accepted: readonly string[]): LagAssessment => {
  const stalled = assessment.stalled.filter((group) => !accepted.includes(group));
  const excused = assessment.stalled.length > 0 && stalled.length === 0;
  return { ...assessment, stalled, settled: assessment.settled || excused };
};
