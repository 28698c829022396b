import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DefaultLogger, Worker, bundleWorkflowCode } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { workflowBundle } from '../support/bundle';
import { quietRuntime } from '../support/temporal-env';

const directory = join(__dirname, 'histories');
/** Workflow ids of the recordings; an upgrade refuses every other id. */
const recordings = {
  'node-cancelled.json': 'kafka-upgrade/cancelled/binaries/3',
  'node-raised.json': 'kafka-upgrade/completed/protocol/1',
  'node-restored.json': 'kafka-upgrade/parked/binaries/2',
  'node-rolled.json': 'kafka-upgrade/completed/binaries/2',
  'upgrade-cancelled.json': 'kafka-upgrade/cancelled',
  'upgrade-completed.json': 'kafka-upgrade/completed',
  'upgrade-parked-and-retried.json': 'kafka-upgrade/parked',
  'upgrade-rejected.json': 'kafka-upgrade/rejected',
};

const history = (name: string): unknown => JSON.parse(readFileSync(join(directory, name), 'utf8'));

beforeAll(quietRuntime);

/** A running upgrade lives for days: a worker with newer code must be able to carry on where the older one stopped. */
describe('histories that earlier code recorded', () => {
  it('are there for every frozen behaviour of both workflows', () => {
    expect(readdirSync(directory).sort()).toEqual(Object.keys(recordings));
  });

  it.each(Object.entries(recordings))('%s is replayed by the code of today', async (name, workflowId) => {
    const options = { workflowBundle: await workflowBundle() };
    await expect(Worker.runReplayHistory(options, history(name), workflowId)).resolves.toBeUndefined();
  });

  it('are not replayed by a workflow that was changed without care', async () => {
    const { code } = await bundleWorkflowCode({
      workflowsPath: join(__dirname, 'changed-workflow', 'index.ts'),
      payloadConverterPath: join(__dirname, '..', '..', 'src', 'workflows', 'payload-converter.ts'),
      logger: new DefaultLogger('WARN'),
    });
    const replay = Worker.runReplayHistory(
      { workflowBundle: { code } },
      history('upgrade-completed.json'),
      recordings['upgrade-completed.json'],
    );
    await expect(replay).rejects.toBeInstanceOf(DeterminismViolationError);
  });
});
