/** The workflows with one deliberate change that is not compatible with recorded histories: a timer before everything. */
import { sleep } from '@temporalio/workflow';
import type { UpgradeResult } from '../../../src/domain/upgrade/upgrade-result';
import { kafkaUpgrade as unchanged } from '../../../src/workflows';

export { rollNode } from '../../../src/workflows';

export async function kafkaUpgrade(input: unknown): Promise<UpgradeResult> {
  await sleep(1);
  return unchanged(input);
}
