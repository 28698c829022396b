import { UpgradeError } from '../domain/common/failure';

/** The error for a server.properties that is not what the plan was made from (I9). */
export const configDrift = (where: string, seen: string, wanted: string): UpgradeError =>
  new UpgradeError(
    'ConfigDrift',
    `${where}: server.properties is not what the plan was made from (checksum ${seen.slice(0, 8)} instead of ${wanted.slice(0, 8)}); somebody changed it since. This file was not touched.`,
  );
