import { blocker, type Finding } from './finding';

/** A blocker of type `UnsupportedUpgradePath`, by the official upgrade procedure. */
export const refusedPath = (seen: string, why: string, action: string): Finding =>
  blocker('UnsupportedUpgradePath', { seen, why, action, source: 'Kafka documentation, "Upgrading"' });
