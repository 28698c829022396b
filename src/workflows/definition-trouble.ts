import type { UpgradePlan } from '../domain/plan/upgrade-plan';
import type { Trouble } from '../domain/upgrade/upgrade-state';
import { comparisons } from './activity-options';

const definitionTroubles: readonly string[] = ['PlanHashMismatch', 'DefinitionMissing'];

/** The trouble, with which settings differ where it is the definition that is not the one of the plan. */
export const withWhatDiffers = async (plan: UpgradePlan | null, trouble: Trouble): Promise<Trouble> => {
  if (plan === null || !definitionTroubles.includes(trouble.type)) return trouble;
  const { cluster, definitionSha256, definition } = plan;
  try {
    const { words } = await comparisons.compareDefinition.executeWithOptions(
      { summary: 'what differs in the definition of the cluster' },
      [{ cluster, definitionSha256, definition }],
    );
    return { ...trouble, message: `${trouble.message} ${words}` };
  } catch {
    // The trouble itself is known; a definition that cannot be read now is met again by `retry`.
    return trouble;
  }
};
