import { closedWindow } from '../domain/policy/maintenance';
import type { MaintenanceInput, MaintenanceResult } from './contract';

/** May something new be started at the workflow's time? Asked here because the rules of time zones come with the machine. */
export const readMaintenance = (_: unknown, { maintenance, atMs }: MaintenanceInput): Promise<MaintenanceResult> =>
  Promise.resolve({ closed: closedWindow(maintenance, atMs) });
