import { hostname } from 'node:os';

import { Worker } from '@temporalio/worker';

import { isPolling } from '../../../src/worker/health-check';
import { workflowBundle } from '../../support/bundle';
import { createLocalEnvironment } from '../../support/temporal-env';
import type { LocalEnvironment } from '../../support/temporal-env';

describe('the health check of a worker', () => {
  let local: LocalEnvironment;

  beforeAll(async () => {
    local = await createLocalEnvironment();
  });

  afterAll(() => local.stop());

  const check = (taskQueue: string, host: string): Promise<boolean> => {
    const { environment, address, namespace } = local;
    const session = { client: environment.client, address, namespace, webUi: null, close: () => Promise.resolve() };
    return isPolling(session, taskQueue, host);
  };

  it('fails while no worker looks for work', async () => {
    expect(await check('nobody', hostname())).toBe(false);
  });

  it('passes for the host whose worker looks for work, and for no other', async () => {
    const worker = await Worker.create({
      connection: local.environment.nativeConnection,
      taskQueue: 'health',
      workflowBundle: await workflowBundle(),
    });
    await worker.runUntil(async () => {
      const deadline = Date.now() + 30_000;
      while (!(await check('health', hostname()))) expect(Date.now()).toBeLessThan(deadline);
      expect(await check('health', `not-${hostname()}`)).toBe(false);
    });
  });
});
