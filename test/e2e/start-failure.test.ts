/** A broker whose new release does not start, on the real lab: put back on the old release, parked, repaired, retried. */
import type { Stage } from '../../src/demo/stage';
import { follow } from './support/follow';
import { openTestStage } from './support/upgrade-leg';

jest.setTimeout(10 * 60_000);

const release = '/opt/kafka-releases/kafka_2.13-3.8.1';
const jar = 'libs/kafka-clients-3.8.1.jar';

describe('a broker that does not start on the new release', () => {
  let stage: Stage;

  const onHost = async (command: string): Promise<string> => {
    const { stdout, stderr, exitCode } = await stage.lab.exec('broker-2', command);
    if (exitCode !== 0) throw new Error(`${command}: ${stderr}`);
    return stdout;
  };

  beforeAll(async () => {
    stage = await openTestStage({
      from: '3.7.2',
      to: '3.8.1',
      mode: 'zookeeper',
    });
    // The release of this host alone becomes a copy of its own, and loses a jar that no plan looks at.
    await onHost(`cp -a ${release} ${release}.own && mount --bind ${release}.own ${release}`);
    await onHost(`mv ${release}/${jar} /var/lib/`);
  });

  afterAll(async () => {
    await stage.close();
  });

  it('is back on the old release when the upgrade parks, completes its step after the repair, and loses nothing', async () => {
    const { client } = stage;
    await client.start({ target: '3.8.1', requester: 'test' }, stage.taskQueue);
    const seen = follow(client);

    const parked = await seen('it parks', ({ status }) => status.phase === 'parked');
    expect(parked.status.trouble).toMatchObject({
      type: 'StartFailed',
      nodeId: 2,
      phase: 'binaries',
      nodeIsDown: false,
    });
    expect(parked.status.trouble?.message).toContain(
      'The old release 3.7.2 was put back and broker 2 is healthy on it.',
    );
    expect(await onHost('readlink /opt/kafka')).toContain('3.7.2');
    const facts = await stage.facts();
    expect(facts.find(({ id }) => id === 2)).toMatchObject({ version: '3.7.2' });

    await onHost(`mv /var/lib/${jar.slice(5)} ${release}/${jar}`);
    await client.send('retry', { by: 'test', park: 1 });
    await seen(
      'broker 2 is done',
      ({ status }) => status.nodes.find(({ nodeId }) => nodeId === 2)?.binaries.state === 'done',
    );
    await client.send('abort', { by: 'test', comment: 'seen enough' });
    const ended = await seen('it ends', ({ ending }) => ending !== null);
    expect(ended.ending).toMatchObject({ outcome: 'aborted' });
    expect(await stage.traffic.finish()).toMatchObject({ lost: 0, duplicated: 0 });
  });
});
