/** A worker that comes back after somebody has sent a message: a real Temporal, which keeps what nobody answered. */
import { UpgradeClient } from '../../../src/client/upgrade-client';
import { FakeWorld } from '../../support/fake-world';
import { createLocalEnvironment } from '../../support/temporal-env';
import type { LocalEnvironment } from '../../support/temporal-env';
import { driveUpgrade } from '../../support/upgrade-harness';

let local: LocalEnvironment;
beforeAll(async () => {
  local = await createLocalEnvironment();
});
afterAll(() => local.stop());

it('gets the message as a signal and as the update that was given up, and takes it once', async () => {
  const { environment, address, namespace } = local;
  const session = { client: environment.client, address, namespace, webUi: null, close: () => Promise.resolve() };
  const client = new UpgradeClient(session, 'late');
  const early = async (): Promise<void> => {
    await client.send('pause', { by: 'kim' }, { signalOnly: true });
    expect(await client.send('resume', { by: 'kim', pause: 1 })).toMatchObject({ accepted: true, by: 'signal' });
  };
  await driveUpgrade(
    environment,
    new FakeWorld({ cluster: 'late' }),
    async (driver) => {
      await driver.atGate('plan');
      const messages = await driver.messages();
      expect(messages.map(({ kind, accepted, answer }) => ({ kind, accepted, answer }))).toEqual([
        { kind: 'pause', accepted: true, answer: expect.stringMatching(/^paused: /) },
        { kind: 'resume', accepted: true, answer: 'the pause is lifted' },
        {
          kind: 'resume',
          accepted: false,
          answer: 'it was received already, and answered: the pause is lifted',
        },
      ]);
    },
    { early },
  );
});
