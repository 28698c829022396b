import { newestLevelOf } from '../knowledge/protocol-levels';
import { lineOf, type KafkaVersion } from '../cluster/version';

/** The broker setting that this is all about (kafka.server.KafkaConfig, up to 3.9). */
export const protocolKey = 'inter.broker.protocol.version';

/** A level of `inter.broker.protocol.version`: `3.7` and `3.7.2` both mean the newest level of 3.7, `3.7-IV4`. */
export interface ProtocolLevel {
  major: number;
  minor: number;
  iv: number;
}

const protocolPattern = /^(\d)\.(0|[1-9]\d*)(?:-IV(0|[1-9]\d*))?(?:\..+)?$/;

/**
 * Reads a value of `inter.broker.protocol.version` as Kafka does, from 2.0 to 3.9; null when Kafka would refuse it (or
 * it is older than 2.0). Like Kafka it ignores all that follows a second dot: `3.7.2` means 3.7 (MetadataVersion
 * .fromVersionString, tried on 2.8.2 to 3.9.2). Unlike some binaries it refuses the unstable level of the next line.
 */
export const parseProtocolVersion = (text: string): ProtocolLevel | null => {
  const match = protocolPattern.exec(text);
  if (match === null) return null;
  const [, major, minor, level] = match;
  const line = { major: Number(major), minor: Number(minor) };
  const newest = newestLevelOf(lineOf(line));
  const iv = level === undefined ? newest : Number(level);
  return newest === null || iv === null || iv > newest ? null : { ...line, iv };
};

/** Negative when `a` is an older level than `b`, zero when they are the same level. */
export const compareProtocols = (a: ProtocolLevel, b: ProtocolLevel): number =>
  a.major - b.major || a.minor - b.minor || a.iv - b.iv;

/**
 * Do two values of `inter.broker.protocol.version` mean the same level? `3.7`, `3.7.2` and `3.7-IV4` do. Values that
 * cannot be parsed are the same only when they are the same text.
 */
export const sameProtocol = (a: string, b: string): boolean => {
  const [left, right] = [parseProtocolVersion(a), parseProtocolVersion(b)];
  return left === null || right === null ? a === b : compareProtocols(left, right) === 0;
};

/** The level in full, for example `3.7-IV4`. */
export const formatProtocol = (level: ProtocolLevel): string => `${level.major}.${level.minor}-IV${level.iv}`;

/** The level as short as Kafka understands it: `3.7` for the newest of its line, `3.7-IV2` for an older one. */
export const shortProtocol = (level: ProtocolLevel): string => {
  const line = `${level.major}.${level.minor}`;
  return newestLevelOf(line) === level.iv ? line : formatProtocol(level);
};

/** The value of `inter.broker.protocol.version` that phase 2 sets for a release: its line, for example `3.7` for 3.7.2. */
export const protocolOf = (version: KafkaVersion): string => lineOf(version);

/**
 * The newest level a release supports, which is also what it uses when the setting is absent; null for 4.0 and later,
 * which have no such setting, and for lines unknown here.
 */
export const defaultProtocolOf = (version: KafkaVersion): ProtocolLevel | null => parseProtocolVersion(lineOf(version));
