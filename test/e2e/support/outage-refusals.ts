import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { loadDefinition } from '../../../src/config/load';
import { createKafkaReader } from '../../../src/kafka/kafkajs-reader';
import { serviceProcess, startNode } from '../../../src/lab/kafka-service';
import { javaHome } from '../../../src/lab/lab-start';
import { awaitGone, sendSignal } from '../../../src/lab/process-identity';
import { approvePlan, expectError, expectUntouched, whileWaiting } from './refusal-checks';
import { TARGET } from './refusal-stage';
import type { RefusalStage } from './refusal-stage';

/** Tests: a broker that is down, with a topic that has its only replica there. They stop that broker. */
// eslint-disable-next-line jest/no-export -- one lab serves all groups of tests: starting it takes longest
export const describeOutageRefusals = (stage: RefusalStage): void => {
  describe('a broker that is down', () => {
    const topic = 'only-on-three';

    beforeAll(async () => {
      const admin = new Kafka({ brokers: stage.lab.bootstrap.split(','), logLevel: logLevel.NOTHING }).admin();
      await admin.connect();
      await admin.createTopics({ topics: [{ topic, replicaAssignment: [{ partition: 0, replicas: [3] }] }] });
      await admin.disconnect();
      const broker = serviceProcess(stage.broker(3));
      if (broker === null) throw new Error('broker 3 does not run');
      sendSignal(broker, 'SIGTERM');
      if (!(await awaitGone([broker], 120_000))) throw new Error('broker 3 does not stop');
    });

    it('is named by the plan, with the topic that lost its only replica', async () => {
      await expectUntouched(stage, async () => {
        const run = await stage.cli('plan', 'lab', TARGET, '--definitions', stage.lab.definitionsDirectory);
        expectError(run, { exitCode: 1, says: 'broker 3', hint: 'Check the broker process' });
        expect(run.stderr).toContain(`${topic}-0`);
      });
    });

    it('does not blind the reader: the others tell the partition without a leader', async () => {
      const { nodes } = await loadDefinition(join(stage.lab.definitionsDirectory, 'lab.yaml'));
      const reader = createKafkaReader({ nodes, connectTimeoutMs: 5_000, requestTimeoutMs: 30_000 });
      try {
        for (const nodeId of [1, 2]) {
          const { partitions } = await reader.metadata(nodeId);
          expect(partitions.filter((partition) => partition.topic === topic)).toEqual([
            expect.objectContaining({ leader: null, replicas: [3] }),
          ]);
        }
      } finally {
        await reader.close();
      }
    });

    it('is no obstacle any more once it was started again; its topic must be accepted by name', async () => {
      const broker = stage.broker(3);
      writeFileSync(join(broker.root, 'var/log/kafka/server.log'), '');
      await startNode(broker, { ssh: stage.lab.ssh, javaHome: javaHome(), release: stage.lab.release });
      await whileWaiting(stage, { cluster: 'lab' }, async (client) => {
        await expectUntouched(stage, async () => {
          const refused = await approvePlan(stage, 'lab');
          expect(refused).toMatchObject({
            exitCode: 1,
            stderr: expect.stringContaining(`not accepted by name: ${topic}`),
          });
          expect((await client.status()).waitingFor?.gate).toBe('plan');
        });
      });
    });
  });
};
