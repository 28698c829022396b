/** What is said and done outside of the cluster: notices, and the silence of its alerts. Nothing here touches a host. */
import type { AlertSilenceDefinition } from '../config/definition';
import { silenceLifeMs } from '../domain/notices/alert-silence';
import { UpgradeError } from '../domain/common/failure';
import { operationContext } from './activity-context';
import type { ActivityDependencies } from './cluster-access';
import type { EvidenceResult, NotifyInput, SilenceInput } from './contract';

/** Sends one notice to one channel; another channel's trouble is none of its. */
export const notify = async (
  { clusters, notices }: ActivityDependencies,
  { cluster, channel, notice }: NotifyInput,
): Promise<void> => {
  const { notifications = [] } = await clusters.definition(cluster);
  const found = notifications.find(({ name }) => name === channel);
  if (found === undefined)
    throw new UpgradeError(
      'NotificationRefused',
      `Channel "${channel}" is not in the definition of "${cluster}" any more.`,
    );
  await notices.send(found, notice, operationContext().signal);
};

const silenceOf = async ({ clusters }: ActivityDependencies, cluster: string): Promise<AlertSilenceDefinition | null> =>
  (await clusters.definition(cluster)).alertSilence ?? null;

const notWanted = { evidence: ['the definition has no alertSilence any more'] };

/** Makes the silence of this upgrade, or makes it longer, from now on for the life of one. */
export const silenceAlerts = async (
  dependencies: ActivityDependencies,
  { cluster, runId }: SilenceInput,
): Promise<EvidenceResult> => {
  const definition = await silenceOf(dependencies, cluster);
  if (definition === null) return notWanted;
  const wanted = { cluster, runId, untilMs: Date.now() + silenceLifeMs };
  return { evidence: [await dependencies.silencer.ensure(definition, wanted, operationContext().signal)] };
};

/** Ends the silence of this upgrade. */
export const liftSilence = async (dependencies: ActivityDependencies, owner: SilenceInput): Promise<EvidenceResult> => {
  const definition = await silenceOf(dependencies, owner.cluster);
  if (definition === null) return notWanted;
  return { evidence: [await dependencies.silencer.lift(definition, owner, operationContext().signal)] };
};
