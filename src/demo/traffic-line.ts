import { count, duration } from '../render/format';
import type { Style } from '../render/style';

/** The books of the traffic at one moment, as far as the view needs them. */
export interface TrafficFigures {
  acknowledged: number;
  consumed: number;
  outstanding: number;
  duplicated: number;
  maxProduceGapMs: number;
}

/** Acknowledged records a second between two moments, 0 when no time has passed. */
export const rate = (
  before: { acknowledged: number; atMs: number },
  after: { acknowledged: number; atMs: number },
): number => {
  const seconds = (after.atMs - before.atMs) / 1_000;
  return seconds <= 0 ? 0 : Math.round((after.acknowledged - before.acknowledged) / seconds);
};

/** One line about the live traffic. */
export const trafficLine = (figures: TrafficFigures, ratePerSecond: number, style: Style): string => {
  const { acknowledged, consumed, outstanding, maxProduceGapMs } = figures;
  const parts = [
    `${count(ratePerSecond)} records/s`,
    `${count(acknowledged)} acknowledged`,
    `${count(consumed)} consumed`,
    `lag ${count(outstanding)}`,
    `longest gap ${duration(maxProduceGapMs)}`,
  ];
  return `${style.quiet('traffic')} ${parts.join(' · ')}`;
};
