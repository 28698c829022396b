/**
 * The inter-broker protocol levels of each release line, and the newest that `X.Y` means.
 *
 * Source: read out of the released jars. Up to 3.0 `kafka.api.ApiVersion.allVersions` (2.8.2, 3.0.2); from 3.3
 * `org.apache.kafka.server.common.MetadataVersion.values` and `LATEST_PRODUCTION` (3.3.2, 3.5.2, 3.7.2, 3.8.1, 3.9.2).
 * Some binaries know one level more than their line (3.7.2 knows 3.8-IV0, 3.8.1 knows 3.9-IV0): those are unstable
 * there and are not listed. The setting is gone in 4.0.
 */
export const protocolLevels = {
  '2.0': 1,
  '2.1': 2,
  '2.2': 1,
  '2.3': 1,
  '2.4': 1,
  '2.5': 0,
  '2.6': 0,
  '2.7': 2,
  '2.8': 1,
  '3.0': 1,
  '3.1': 0,
  '3.2': 0,
  '3.3': 3,
  '3.4': 0,
  '3.5': 2,
  '3.6': 2,
  '3.7': 4,
  '3.8': 0,
  '3.9': 0,
} as const satisfies Record<string, number>;

/** The number of the newest `IV` level of a line such as `3.7`, null for a line without levels; every lower IV exists too. */
export const newestLevelOf = (line: string): number | null =>
  new Map<string, number>(Object.entries(protocolLevels)).get(line) ?? null;
