/**
 * What is finalized on a KRaft cluster after every node runs the new binary, feature by feature (never blindly by
 * `--release-version`, which would also turn a static quorum into a dynamic one).
 *
 *   1. `metadata.version` to the newest level of the target's line; then the features that the release would set by itself
 *      and that can be lowered again.
 *   2. `eligible.leader.replicas.version` and `kraft.version` only when the request names them; each asks by itself.
 *   3. The request may name a level, or leave a feature out with `false`. Nothing is ever lowered.
 *
 * Source: KIP-584, KIP-778, KIP-1022; FeatureControlManager.updateMetadataVersion and MetadataVersion
 * .checkIfMetadataChanged for the way back.
 */
import { UpgradeError } from '../common/failure';
import {
  eligibleLeaderReplicas,
  featureNames,
  kraftVersion,
  metadataVersion,
  otherFeatures,
} from '../knowledge/feature-levels';
import type { FeatureKnowledge } from '../knowledge/feature-levels';
import { metadataChangesBetween, metadataLevelName, metadataLevelOf } from '../knowledge/metadata-levels';
import { compareVersions, lineOf, requireVersion } from '../cluster/version';
import type { KafkaVersion } from '../cluster/version';

/** What a request says of features: a level, its name (`4.0-IV3`), or `false` to leave the feature as it is. */
export type RequestedFeatures = Record<string, string | number | false>;

/** The gate that a feature's step waits behind: `protocol` opens all that can be lowered again, and `metadata.version`. */
export type FeatureGate = 'protocol' | typeof eligibleLeaderReplicas | typeof kraftVersion;

/** One feature from one level to a higher one. */
export interface FeatureStep {
  feature: string;
  from: number;
  to: number;
  /** The levels as people know them: `3.9-IV0` for metadata.version, else the number. */
  fromName: string;
  toName: string;
  /** Can the level be lowered to `from` again? */
  reversible: boolean;
  /** The way back, or why there is none. */
  wayBack: string;
  gate: FeatureGate;
  /** A value for the whole cluster that is written first, so that raising the feature changes nothing else. */
  prepare: { name: string; value: string } | null;
}

/** Finalized levels by feature; a feature that is absent is at level 0. */
export type FinalizedLevels = Readonly<Record<string, number>>;

const refuse = (problem: string): never => {
  throw new UpgradeError('InvalidRequest', `The start input is not usable: ${problem}.`);
};

const lineAtLeast = (target: KafkaVersion, line: string): boolean =>
  compareVersions(target, requireVersion(`${line}.0`, 'line')) >= 0;

/** A level in the words of the feature. */
export const levelName = (feature: string, level: number): string =>
  feature === metadataVersion ? metadataLevelName(level) : String(level);

const wantedMetadata = (asked: string | number | false | undefined, target: KafkaVersion): number | null => {
  if (asked === false) return null;
  const newest = metadataLevelOf(lineOf(target));
  if (asked === undefined) return newest;
  const level = metadataLevelOf(String(asked));
  if (level === null || newest === null || level > newest) {
    return refuse(
      `"features" asks for ${metadataVersion} ${asked}, which ${lineOf(target)} does not know (its newest is ${newest === null ? 'unknown' : metadataLevelName(newest)})`,
    );
  }
  return level;
};

/** The level that the request names: one that the target has, on a metadata.version that it needs. */
const requestedLevel = (
  known: FeatureKnowledge,
  asked: string | number,
  { target, metadata }: { target: KafkaVersion; metadata: number },
): number => {
  const level = Number(asked);
  if (!Number.isInteger(level) || level < 1 || level > known.level)
    return refuse(`"features" asks for ${known.name} ${asked}, but its levels are 1 to ${known.level}`);
  if (!lineAtLeast(target, known.since))
    return refuse(
      `"features" asks for ${known.name}, which an existing cluster can have from ${known.since} on, not on ${lineOf(target)}`,
    );
  return metadata >= known.needsMetadata
    ? level
    : refuse(
        `"features" asks for ${known.name}, which needs ${metadataVersion} ${metadataLevelName(known.needsMetadata)}; it would be ${metadataLevelName(metadata)}`,
      );
};

const wantedLevel = (
  known: FeatureKnowledge,
  asked: string | number | false | undefined,
  at: { target: KafkaVersion; metadata: number },
): number | null => {
  if (asked === false) return null;
  if (asked !== undefined) return requestedLevel(known, asked, at);
  return !known.onlyWhenAsked && lineAtLeast(at.target, known.setSince) ? known.level : null;
};

/** The way back from a level of metadata.version: Kafka lowers it only over levels that did not change the records. */
const metadataWayBack = (from: number, to: number): { reversible: boolean; wayBack: string } => {
  const changes = metadataChangesBetween(from, to);
  return changes.length === 0
    ? {
        reversible: true,
        wayBack: `No level between changed the metadata log: Kafka's code accepts a downgrade to ${metadataLevelName(from)}, its documentation does not promise it. An old binary starts again only after every node has written a snapshot of the metadata log (once an hour by default).`,
      }
    : {
        reversible: false,
        wayBack: `IRREVERSIBLE: ${changes.join(', ')} changed what the metadata log holds; Kafka refuses to go back below that.`,
      };
};

const metadataStep = (from: number, to: number): FeatureStep => ({
  feature: metadataVersion,
  from,
  to,
  fromName: metadataLevelName(from),
  toName: metadataLevelName(to),
  ...metadataWayBack(from, to),
  gate: 'protocol',
  prepare: null,
});

const gateOf = (name: string): FeatureGate =>
  name === eligibleLeaderReplicas || name === kraftVersion ? name : 'protocol';

/** Everything that the steps are made from. */
export interface FinalizationInput {
  target: KafkaVersion;
  finalized: FinalizedLevels;
  requested: RequestedFeatures;
  /** What min.insync.replicas is for topics without an own value, if it must be written down first; see elr-guard.ts. */
  minIsrToWrite: string | null;
}

/**
 * A feature that stands at `to`, as the step that would have raised it from `from`: whether it can be lowered again, and how.
 * Of a feature that is not known here nothing is: it has no way back.
 */
export const standingStep = (feature: string, from: number, to: number): FeatureStep => {
  if (feature === metadataVersion) return metadataStep(from, to);
  const known = otherFeatures.find(({ name }) => name === feature);
  const { reversible, wayBack } = known ?? { reversible: false, wayBack: 'Nothing is known here of its way back.' };
  return {
    feature,
    from,
    to,
    fromName: String(from),
    toName: String(to),
    reversible,
    wayBack,
    gate: gateOf(feature),
    prepare: null,
  };
};

const otherStep = (known: FeatureKnowledge, to: number, input: FinalizationInput): FeatureStep => {
  const { name } = known;
  const prepare =
    name === eligibleLeaderReplicas && input.minIsrToWrite !== null
      ? { name: 'min.insync.replicas', value: input.minIsrToWrite }
      : null;
  return { ...standingStep(name, input.finalized[name] ?? 0, to), prepare };
};

const refuseUnknown = (requested: RequestedFeatures): void => {
  const unknown = Object.keys(requested).filter((name) => !featureNames.includes(name));
  if (unknown.length > 0) refuse(`"features" names ${unknown.join(', ')}; known are ${featureNames.join(', ')}`);
};

/** The steps in their order; throws `InvalidRequest` for a feature or level that the target cannot have. */
export const makeFinalization = (input: FinalizationInput): FeatureStep[] => {
  const { target, finalized, requested } = input;
  refuseUnknown(requested);
  const metadataFrom = finalized[metadataVersion] ?? 0;
  const metadataTo = Math.max(metadataFrom, wantedMetadata(requested[metadataVersion], target) ?? 0);
  const others = otherFeatures.flatMap((known) => {
    const to = wantedLevel(known, requested[known.name], { target, metadata: metadataTo });
    return to === null || to <= (finalized[known.name] ?? 0) ? [] : [otherStep(known, to, input)];
  });
  return [...(metadataTo > metadataFrom ? [metadataStep(metadataFrom, metadataTo)] : []), ...others];
};
