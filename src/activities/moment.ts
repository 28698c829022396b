import { closedWindow } from '../domain/policy/maintenance';
import type { MaintenanceInput, MaintenanceResult, Moment } from './contract';

/** Two clocks never agree: what one of them has seen go by has gone by. */
const later = (atMs: number): number => Math.max(atMs, Date.now());

/** What the workflow takes for now is out of date where it sees an event with an earlier task; this is not. */
export const readMoment = (_: unknown, known: Moment): Promise<Moment> =>
  Promise.resolve({ ...known, atMs: later(known.atMs) });

/** May something new be started now? Asked here because the rules of time zones come with the machine. */
export const readMaintenance = (_: unknown, { maintenance, atMs }: MaintenanceInput): Promise<MaintenanceResult> =>
  Promise.resolve({ closed: closedWindow(maintenance, later(atMs)) });
