/**
 * How our remote scripts say what they refused. Above the codes that shells and tools use (126, 127 and 128+n are the
 * shell's, 255 is ssh's), so that none of them is mistaken for another program's failure.
 */
export const exitCode = {
  leaseStale: 70,
  leaseHeld: 71,
  leaseUnreadable: 72,
  lockBusy: 73,
  toolMissing: 74,
  stateUnusable: 75,
  backupUnreadable: 76,
  heldElsewhere: 77,
  gateTooOld: 80,
  otherProcess: 81,
  configDrift: 82,
  releaseMissing: 83,
  propertiesUnreadable: 84,
  checksumMismatch: 85,
  startFailed: 86,
  currentIsNoLink: 87,
  ownerNotKept: 88,
  serviceCommandFailed: 89,
  brokerRuns: 92,
  configUnwritable: 90,
  linkNotReplaceable: 91,
} as const;

export type ExitName = keyof typeof exitCode;

/** The name of an exit code of ours; null for every other code. */
export const exitName = (code: number): ExitName | null => {
  const found = Object.entries(exitCode).find(([, value]) => value === code);
  return found ? (found[0] as ExitName) : null;
};
