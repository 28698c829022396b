/**
 * The levels in force, read now: what an older release must know before a node is put onto it (domain/health/assess-levels).
 *
 *   1. KRaft: the finalized features of every node that answers; the newest count.
 *   2. ZooKeeper: inter.broker.protocol.version that each broker speaks. Of a broker without a process nothing speaks; one
 *      that runs and does not tell is unread.
 *   3. ZooKeeper, of the nodes asked for: what the file says, which is what the broker speaks after its next start.
 */
import type { FeatureView, NodeId } from '../domain/cluster/cluster';
import { brokersOf } from '../domain/cluster/node-roles';
import { UpgradeError } from '../domain/common/failure';
import { checkLevels } from '../domain/health/assess-levels';
import type { LevelsRead } from '../domain/health/assess-levels';
import { metadataVersion } from '../domain/knowledge/feature-levels';
import { protocolKey } from '../domain/levels/protocol-version';
import type { LevelsFound } from '../domain/upgrade/judge-way-back';
import { readProperties } from '../domain/settings/server-properties';
import { operationContext } from './activity-context';
import type { ActivityDependencies, ClusterAccess } from './cluster-access';
import type { ReadLevelsInput } from './contract';
import { readQuorum } from './measure';
import { openPlanned, wordsFor } from './open-cluster';

/** Our own errors are an answer here: the node could not be read. */
const orWhy = async <T>(reading: Promise<T>): Promise<{ value: T } | { why: string }> => {
  try {
    return { value: await reading };
  } catch (error) {
    if (error instanceof UpgradeError) return { why: error.message };
    throw error;
  }
};

const joined = (all: readonly LevelsRead[]): LevelsRead => ({
  levels: all.flatMap(({ levels }) => levels),
  unread: all.flatMap(({ unread }) => unread),
});

/** A broker that does not answer speaks nothing when it has no process; otherwise nobody knows what it speaks. */
const silentBroker = async (access: ClusterAccess, nodeId: NodeId, why: string): Promise<LevelsRead> => {
  const host = access.host(nodeId);
  const found = await orWhy(host.findProcess(operationContext()));
  if ('why' in found) return { levels: [], unread: [`broker ${nodeId} on ${host.address}: ${found.why}`] };
  const words = `broker ${nodeId} on ${host.address} runs, but does not tell what it speaks: ${why}`;
  return { levels: [], unread: found.value === null ? [] : [words] };
};

const spokenBy = async (access: ClusterAccess, nodeId: NodeId): Promise<LevelsRead> => {
  const answer = await orWhy(access.kafka.brokerConfig(nodeId, [protocolKey], operationContext().signal));
  if ('why' in answer) return silentBroker(access, nodeId, answer.why);
  const level = answer.value[protocolKey]?.value ?? null;
  return level === null
    ? silentBroker(access, nodeId, `it reports no ${protocolKey}`)
    : { levels: [{ feature: protocolKey, level, where: `broker ${nodeId}` }], unread: [] };
};

/** A file without the setting leaves it to the release that starts, which knows its own level. */
const writtenOn = async (access: ClusterAccess, nodeId: NodeId): Promise<LevelsRead> => {
  const host = access.host(nodeId);
  const where = `${access.definition.paths.config} of broker ${nodeId} on ${host.address}`;
  const answer = await orWhy(host.readProperties(operationContext()));
  if ('why' in answer) return { levels: [], unread: [`${where}: ${answer.why}`] };
  const level = readProperties(answer.value.text)[protocolKey];
  return { levels: level === undefined ? [] : [{ feature: protocolKey, level, where }], unread: [] };
};

const readProtocols = async (access: ClusterAccess, files: readonly NodeId[]): Promise<LevelsRead> =>
  joined(
    await Promise.all([
      ...brokersOf(access.definition).map((nodeId) => spokenBy(access, nodeId)),
      ...files.map((nodeId) => writtenOn(access, nodeId)),
    ]),
  );

const newestOf = (views: readonly FeatureView[]): FeatureView | null =>
  views.reduce<FeatureView | null>(
    (newest, view) => (newest === null || view.finalizedEpoch > newest.finalizedEpoch ? view : newest),
    null,
  );

const readFeatures = async (access: ClusterAccess): Promise<LevelsRead & { finalized: FeatureView['finalized'] }> => {
  const { signal } = operationContext();
  const answers = await Promise.all(access.definition.nodes.map(({ id }) => orWhy(access.kafka.features(id, signal))));
  const newest = newestOf(answers.flatMap((answer) => ('value' in answer ? [answer.value] : [])));
  if (newest?.finalized[metadataVersion] === undefined) {
    const whys = answers.flatMap((answer) => ('why' in answer ? [answer.why] : []));
    return { levels: [], unread: [`no node tells the finalized ${metadataVersion}`, ...whys], finalized: {} };
  }
  const { finalized, observedBy } = newest;
  const where = wordsFor(access, observedBy);
  const levels = Object.entries(finalized).map(([feature, level]) => ({ feature, level: String(level), where }));
  return { levels, unread: [], finalized };
};

/** What is in force now, with the files of these nodes (ZooKeeper mode). */
export const levelsNow = (access: ClusterAccess, files: readonly NodeId[]): Promise<LevelsRead> =>
  access.definition.mode === 'kraft' ? readFeatures(access) : readProtocols(access, files);

const readKraftLevels = async (access: ClusterAccess, release: string): Promise<LevelsFound> => {
  const { finalized, ...read } = await readFeatures(access);
  // Read after the levels: whatever was raised or lowered before lies below it.
  const { quorum, quorumTrouble } = await readQuorum(access, null, operationContext().signal);
  const unread = quorum === null ? [`the end of the metadata log: ${String(quorumTrouble)}`] : [];
  const check = checkLevels({ levels: read.levels, unread: [...read.unread, ...unread] }, release);
  return { finalized, offset: quorum?.highWatermark ?? null, check };
};

/** What is in force now, in every file, too, and whether the release to be put back runs under it. */
export const readLevels = async (dependencies: ActivityDependencies, input: ReadLevelsInput): Promise<LevelsFound> => {
  const access = await openPlanned(dependencies, input);
  if (access.definition.mode === 'kraft') return readKraftLevels(access, input.release);
  const read = await readProtocols(access, brokersOf(access.definition));
  return { finalized: {}, offset: null, check: checkLevels(read, input.release) };
};
