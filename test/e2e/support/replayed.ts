/** Can another worker take over at any moment? Whoever takes an upgrade over replays its history first. */
import { Worker } from '@temporalio/worker';
import { payloadCodecs } from '../../../src/client/payload-codec';
import type { TemporalSession } from '../../../src/client/connect';
import { workflowBundle } from '../../support/bundle';
import { quietRuntime } from '../../support/temporal-env';

export interface Replayed {
  /** How many runs of workflows were replayed. */
  count: number;
  /** Those whose history is not replayed: `workflow id: why`. */
  failed: string[];
}

/** Replays what Temporal holds of every upgrade and restart of this cluster. */
export const replayHistories = async ({ client }: TemporalSession, cluster: string): Promise<Replayed> => {
  quietRuntime();
  const query = `WorkflowId STARTS_WITH "kafka-upgrade/${cluster}"`;
  const histories = client.workflow.list({ query }).intoHistories();
  const options = { workflowBundle: await workflowBundle(), dataConverter: { payloadCodecs } };
  const replayed: Replayed = { count: 0, failed: [] };
  for await (const { workflowId, error } of Worker.runReplayHistories(options, histories)) {
    replayed.count++;
    if (error !== undefined) replayed.failed.push(`${workflowId}: ${error.message}`);
  }
  return replayed;
};
