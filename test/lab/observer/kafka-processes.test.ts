import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { KafkaProcesses } from '../../../src/lab/observer/kafka-processes';
import { until } from '../../support/until';

const started: ChildProcess[] = [];

/** A process that does nothing, under a name and with words of one's choice. */
const idle = async (name: string, ...words: string[]): Promise<ChildProcess> => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)', ...words], {
    argv0: name,
    stdio: 'ignore',
  });
  started.push(child);
  await once(child, 'spawn');
  return child;
};

const end = async (child: ChildProcess): Promise<void> => {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
};

describe('the Kafka processes of a host', () => {
  // This process's own namespace is as good a host as any; labs that run beside it have others.
  const processes = new KafkaProcesses([{ name: 'here', pid: process.pid }]);
  const pids = (): number[] =>
    processes
      .look()
      .get('here')
      ?.map(({ pid }) => pid) ?? [];

  afterAll(async () => {
    await Promise.all(started.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null).map(end));
  });

  it('are the JVMs of its namespace that run Kafka, as long as they run', async () => {
    const broker = await idle('/usr/lib/jvm/bin/java', 'kafka.Kafka', '/etc/kafka/server.properties');
    await until('the process is seen', () => pids().includes(broker.pid ?? 0));
    await end(broker);
    expect(pids()).not.toContain(broker.pid);
  });

  it('are neither the shell that starts one nor another program of Kafka', async () => {
    const shell = await idle('/bin/bash', 'kafka-run-class.sh', 'kafka.Kafka');
    const tool = await idle('/usr/lib/jvm/bin/java', 'kafka.tools.JmxTool');
    const broker = await idle('java', 'kafka.Kafka');
    await until('the broker is seen', () => pids().includes(broker.pid ?? 0));
    expect(pids()).not.toEqual(expect.arrayContaining([shell.pid]));
    expect(pids()).not.toEqual(expect.arrayContaining([tool.pid]));
  });

  it('are none of a host that has gone', () => {
    expect(new KafkaProcesses([{ name: 'gone', pid: 2 ** 30 }]).look()).toEqual(new Map([['gone', []]]));
  });
});
