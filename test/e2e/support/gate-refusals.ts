import { messageKinds } from '../../../src/domain/people/message';
import { commandOf } from '../../../src/render/answer-commands';
import { until } from '../../support/until';
import { expectError, expectUntouched, messagesOf, whileWaiting } from './refusal-checks';
import { TARGET } from './refusal-stage';
import type { RefusalStage } from './refusal-stage';

/** Tests: what an upgrade that waits for its approval, or has ended, does not take. */
// eslint-disable-next-line jest/no-export -- one lab serves all groups of tests: starting it takes longest
export const describeGateRefusals = (stage: RefusalStage): void => {
  describe('an upgrade that waits at gate plan', () => {
    it('is not started a second time under its id', async () => {
      await whileWaiting(stage, { cluster: 'lab' }, async () => {
        await expectUntouched(stage, async () => {
          expectError(await stage.upgrade('start', 'lab', TARGET), {
            exitCode: 1,
            says: 'An upgrade of lab is already running',
            hint: 'Look at it with `kafka-upgrade status lab`, or end it with `kafka-upgrade abort lab`.',
          });
        });
      });
    });

    it('does not let another workflow id do the work', async () => {
      await expectUntouched(stage, async () => {
        const input = JSON.stringify({ cluster: 'lab', target: TARGET });
        const typed = ['--type', 'kafkaUpgrade', '--task-queue', 'kafka-upgrade', '--input', input];
        const run = await stage.temporal('workflow', 'execute', ...typed, '--workflow-id', 'my-upgrade');
        expect(run.exitCode).toBe(1);
        expect(run.stdout + run.stderr).toContain('start it with workflow id "kafka-upgrade/lab"');
        expect(await stage.failureOf('lab', 'my-upgrade')).toEqual({
          type: 'WrongWorkflowId',
          message: expect.stringContaining('Nothing was touched.'),
        });
      });
    });

    it('answers every bare signal in its timeline and stays answerable', async () => {
      const signals = ['approve', 'resume', 'retry', 'pause', 'retry', 'resume', 'reject'] as const;
      await whileWaiting(stage, { cluster: 'lab' }, async (client) => {
        await expectUntouched(stage, async () => {
          for (const [index, kind] of signals.entries()) {
            const sent = await stage.temporal('workflow', 'signal', '--workflow-id', client.workflowId, '--name', kind);
            expect(sent).toMatchObject({ exitCode: 0 });
            await until(`${kind} in the timeline`, async () => messagesOf(await client.timeline())[index], 60_000);
            expect((await client.status()).cluster).toBe('lab');
          }
          expect(messagesOf(await client.timeline())).toEqual([
            expect.stringContaining('approve refused: gate "plan" is open and must be named; send {"gate":"plan"'),
            expect.stringContaining('resume refused: gate "plan" is open and must be named; send {"gate":"plan"'),
            'retry refused: no step is parked and no gate expired; nothing to retry',
            'pause accepted',
            'retry refused: no step is parked and no gate expired; nothing to retry',
            expect.stringContaining('resume refused: it must be said what is meant: pause 1 holds it'),
            'reject accepted',
          ]);
          const ended = { outcome: 'rejected', message: 'Ended by a person. No broker was touched.' };
          expect(await client.result()).toMatchObject(ended);
        });
      });
    });

    it('ends at a bare abort', async () => {
      await whileWaiting(stage, { cluster: 'lab' }, async (client) => {
        await expectUntouched(stage, async () => {
          await stage.temporal('workflow', 'signal', '--workflow-id', client.workflowId, '--name', 'abort');
          const ended = { outcome: 'aborted', message: 'Ended by a person. No broker was touched.' };
          expect(await client.result()).toMatchObject(ended);
        });
      });
    });

    it('is approved neither for another gate, nor for none, nor for one that does not exist', async () => {
      await whileWaiting(stage, { cluster: 'lab' }, async (client) => {
        await expectUntouched(stage, async () => {
          const approve = (...words: string[]) => stage.upgrade('approve', 'lab', '--yes', ...words);
          expectError(await approve('--gate', 'protocol'), {
            exitCode: 1,
            says: 'Gate "protocol" is not open, "plan" is.',
            hint: 'kafka-upgrade status lab',
          });
          expectError(await approve(), {
            exitCode: 1,
            says: 'Gate "plan" is open and must be named.',
            hint: 'kafka-upgrade approve lab --gate plan',
          });
          expectError(await approve('--gate', 'binaries'), {
            exitCode: 2,
            says: 'There is no gate "binaries".',
            hint: 'Gates: plan, canary, protocol.',
          });
          const stale = await approve('--gate', 'plan', '--plan', 'deadbeef', '--disaster-recovery', 'by kim');
          expect(stale).toMatchObject({
            exitCode: 1,
            stderr: expect.stringContaining('refused: plan "deadbeef" is not the plan being carried out'),
          });
          expect((await client.status()).waitingFor?.gate).toBe('plan');
        });
      });
    });
  });

  describe('an upgrade that has ended', () => {
    it('takes no approval and no other message', async () => {
      await whileWaiting(stage, { cluster: 'lab' }, (client) =>
        client
          .send('reject', {})
          .then(() => client.result())
          .then(() => undefined),
      );
      await expectUntouched(stage, async () => {
        expectError(await stage.upgrade('approve', 'lab', '--gate', 'plan', '--yes'), {
          exitCode: 5,
          says: 'The upgrade of lab has ended (rejected): Ended by a person.',
          hint: 'kafka-upgrade start lab TARGET',
        });
        for (const kind of messageKinds.filter((name) => name !== 'approve')) {
          expectError(await stage.upgrade(commandOf(kind), 'lab'), {
            exitCode: 5,
            says: 'There is no running upgrade kafka-upgrade/lab',
            hint: 'kafka-upgrade start CLUSTER TARGET',
          });
        }
        const late = await stage.temporal(
          'workflow',
          'signal',
          '--workflow-id',
          'kafka-upgrade/lab',
          '--name',
          'approve',
        );
        expect(late.exitCode).toBe(1);
      });
    });
  });
};
