import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { UpgradeClient } from '../../../src/client/upgrade-client';
import { WarmClusterDirectory } from '../../../src/worker/cluster-directory';
import { expectRefused, messagesOf, planAnswer, whileWaiting } from './refusal-checks';
import { TARGET } from './refusal-stage';
import type { RefusalStage } from './refusal-stage';

/** Tests: hosts that changed since the plan, or that another upgrade owns. */
// eslint-disable-next-line jest/no-export -- one lab serves all groups of tests: starting it takes longest
export const describeOwnerRefusals = (stage: RefusalStage): void => {
  /** Lets somebody else change server.properties of broker 2 for as long as `body` runs. */
  const withDrift = async (body: () => Promise<void>): Promise<void> => {
    const file = join(stage.broker(2).root, 'etc/kafka/server.properties');
    const original = readFileSync(file);
    appendFileSync(file, 'num.io.threads=16\n');
    try {
      await body();
    } finally {
      writeFileSync(file, original);
    }
  };

  const leaseLines = (name: string): string[] =>
    stage.leases().map((text) => text.split('\n').find((line) => line.startsWith(`${name}=`)) ?? '');

  /** Approves the plan after a file of it was changed: the upgrade ends, with nothing but backups and a released lease. */
  const expectDrift = async (client: UpgradeClient): Promise<void> => {
    const answer = await planAnswer(client);
    await withDrift(async () => {
      const before = stage.footprint();
      const answers = await Promise.all([client.send('approve', answer), client.send('approve', answer)]);
      expect(answers.map(({ accepted }) => accepted).sort()).toEqual([false, true]);
      const { type, message } = await stage.failureOf(client.cluster);
      expect(type).toBe('ConfigDrift');
      expect(message).toContain(
        `${stage.broker(2).address}:2222: server.properties is not what the plan was made from`,
      );
      expect(messagesOf(await client.timeline())).toContain(
        'approve refused: gate "plan" was passed already; nothing to do',
      );
      expect(stage.footprint()).toEqual(before);
    });
    expect(leaseLines('held')).toEqual(['held=0', 'held=0', 'held=0']);
  };

  it('ends with backups only when a server.properties changed since the plan; a second approval does nothing', async () => {
    await whileWaiting(stage, { cluster: 'lab' }, async (client) => {
      await expectDrift(client);
      const backups = stage
        .stateFiles()
        .flat()
        .map((file) => file.replace(/^lab\//, '').replace(/^backups\/[^/]+\//, 'backups/'));
      expect([...new Set(backups)].sort()).toEqual([
        'backups/server.properties',
        'backups/server.properties.sha256',
        'lease',
        'lock',
      ]);
    });
  });

  describe('a cluster that the upgrade of another Temporal server owns', () => {
    const owner = 'temporal-of-somebody/default/kafka-upgrade/lab';

    beforeAll(async () => {
      stage.define('lab-alias');
      const clusters = new WarmClusterDirectory(stage.lab.definitionsDirectory);
      try {
        const host = (await clusters.open('lab')).host(2);
        const { own: stored } = await host.readLeases();
        if (stored === null) throw new Error('the upgrade before this has left no lease');
        await host.storeLease({ ...stored, owner, runId: 'another-run', epoch: stored.epoch + 1, held: true });
      } finally {
        await clusters.close();
      }
    });

    it('is refused in the plan with the owner, and its lease stays', async () => {
      await expectRefused(
        stage,
        { cluster: 'lab', target: TARGET },
        { type: 'LeaseHeld', says: [`held by another upgrade, ${owner} (run another-run`, 'start with `takeOver`'] },
      );
    });

    it('is refused by the name of another definition, too', async () => {
      await expectRefused(
        stage,
        { cluster: 'lab-alias', target: TARGET },
        { type: 'OtherNameLease', says: [owner, 'by the definition "lab"'] },
      );
    });

    it('gets past that with takeOver, to the next refusal', async () => {
      await whileWaiting(stage, { cluster: 'lab', takeOver: true }, expectDrift);
      const own = leaseLines('owner').filter((line) => line.endsWith('/kafka-upgrade/lab') && !line.includes(owner));
      expect(own).toHaveLength(3);
    });
  });
};
