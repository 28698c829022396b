/** A broker that is killed in the middle of its controlled shutdown: it recovers its logs, is waited for, and people are asked. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stage } from '../../src/demo/stage';
import { serviceProcess } from '../../src/lab/kafka-service';
import { until } from '../support/until';
import { follow } from './support/follow';
import { openTestStage } from './support/upgrade-leg';

jest.setTimeout(10 * 60_000);

const patienceMs = 4 * 60_000;

describe('a broker that is killed while it stops', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openTestStage({ from: '3.7.2', to: '3.8.1', mode: 'zookeeper' });
  });

  afterAll(async () => {
    await stage.close();
  });

  const serverLog = (name: string): string => {
    const host = stage.lab.brokers.find((broker) => broker.name === name);
    const file = join(host?.root ?? '', 'var/log/kafka/server.log');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };

  /** SIGKILL as soon as its own log says that it was asked to stop. */
  const killWhenAsked = async (name: string): Promise<void> => {
    const host = stage.lab.brokers.find((broker) => broker.name === name);
    if (host === undefined) throw new Error(`the lab has no ${name}`);
    await until('it was asked to stop', () => serverLog(name).includes('due to signal SIGTERM'), patienceMs);
    const running = serviceProcess(host);
    if (running === null) throw new Error(`${name} had already stopped`);
    process.kill(running.pid, 'SIGKILL');
  };

  it('comes back by recovery; the upgrade parks with the reason, goes on after `retry`, and nothing is lost', async () => {
    const { client } = stage;
    const killed = killWhenAsked('broker-2');
    await client.start({ target: '3.8.1', requester: 'test' }, stage.taskQueue);
    const seen = follow(client);

    const parked = await seen('it parks', ({ status }) => status.phase === 'parked');
    await killed;
    expect(parked.status.trouble).toMatchObject({ type: 'UncleanShutdown', nodeId: 2, nodeIsDown: false });
    expect(parked.status.trouble?.message).toContain('had not stopped cleanly');
    expect(serverLog('broker-2')).toMatch(/no clean shutdown file was found|Recovering/);

    await client.send('retry', { by: 'test', park: 1 });
    await seen('every broker is done', ({ status }) => status.nodes.every(({ binaries }) => binaries.state === 'done'));
    await client.send('abort', { by: 'test', comment: 'seen enough' });
    const ended = await seen('it ends', ({ ending }) => ending !== null);
    expect(ended.ending).toMatchObject({ outcome: 'aborted' });
    expect(await stage.traffic.finish()).toMatchObject({ lost: 0, duplicated: 0 });
  });
});
