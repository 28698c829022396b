import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startNode } from '../../src/lab/kafka-service';
import { labDown, labFrom, labStatus, labUp, type Lab, type LabHost } from '../../src/lab/lab';
import { javaHome } from '../../src/lab/lab-start';
import { readLabState } from '../../src/lab/lab-state';
import { runOverSsh } from '../../src/lab/ssh-access';
import { startTraffic, type Traffic } from '../../src/lab/traffic/traffic';
import { until } from '../../src/lab/until';
import { commandLinesWith } from './support/processes';

// Real JVMs on a machine that may be busy; a healthy run of the whole file takes about a minute.
jest.setTimeout(180_000);

const RELEASE = '3.7.2';
const parent = mkdtempSync(join(tmpdir(), 'lab-e2e-'));
let lab: Lab;
let traffic: Traffic | null = null;

beforeAll(async () => {
  lab = await labUp({ directory: join(parent, 'lab'), release: RELEASE, brokers: 3 });
});

afterAll(async () => {
  await traffic?.stop();
  for (const name of ['lab', 'aborted', 'orphaned']) await labDown(join(parent, name));
  rmSync(parent, { recursive: true, force: true });
});

async function ssh(host: LabHost, command: string): Promise<string> {
  const result = await runOverSsh({ ssh: lab.ssh, address: host.address }, command);
  expect({ command, ...result }).toMatchObject({ exitCode: 0 });
  return result.stdout.trim();
}

function broker(id: number): LabHost {
  const host = lab.brokers.find(({ nodeId }) => nodeId === id);
  if (host === undefined) throw new Error(`no broker ${String(id)}`);
  return host;
}

describe('a lab of three brokers', () => {
  it('shows each host its own name, process list, files and release over the real ssh client', async () => {
    for (const host of lab.brokers) {
      const id = String(host.nodeId);
      expect(await ssh(host, 'hostname; readlink -f /opt/kafka; grep ^broker.id= /etc/kafka/server.properties')).toBe(
        `${host.name}\n/opt/kafka-releases/kafka_2.13-${RELEASE}\nbroker.id=${id}`,
      );
      expect(await ssh(host, 'cat /proc/[0-9]*/cmdline | tr "\\0" "\\n" | grep -c "^kafka.Kafka$"')).toBe('1');
      expect(await ssh(host, 'ls /var/log/kafka/server.log /var/lib/kafka/data/meta.properties')).toContain('meta');
    }
  });

  it('keeps a change of one host from all others, and releases from all changes', async () => {
    await ssh(broker(1), 'touch /etc/kafka/mine /opt/mine /var/lib/mine /tmp/mine');
    const seen = await ssh(broker(2), 'ls /etc/kafka/mine /opt/mine /var/lib/mine /tmp/mine 2>/dev/null | wc -l');
    expect(seen).toBe('0');
    expect(existsSync('/opt/mine')).toBe(false);
    const result = await lab.exec('broker-1', 'touch /opt/kafka/mine');
    expect(result).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('Read-only') });
  });

  it('answers JMX on each host as its own broker', async () => {
    const { address } = broker(3);
    const output = await ssh(
      broker(3),
      `java -cp '/opt/kafka/libs/*' org.apache.kafka.tools.JmxTool --one-time true --attributes Version ` +
        `--jmx-url service:jmx:rmi:///jndi/rmi://${address}:9999/jmxrmi --object-name kafka.server:type=app-info,id=3`,
    );
    expect(output.split('\n').at(-1)).toMatch(new RegExp(`^\\d+,"?${RELEASE}"?$`));
  });

  it('leaves no zombies behind: the init of a host reaps orphans', async () => {
    await ssh(broker(1), 'for i in 1 2 3; do (sh -c "sleep 0.1" &); done');
    const states = "cat /proc/[0-9]*/stat 2>/dev/null | sed 's/.*) //' | grep -c ^Z || true";
    const zombies = async (): Promise<string> => (await lab.exec('broker-1', states)).stdout.trim();
    await until(async () => ((await zombies()) === '0' ? true : null), { what: 'reaping', timeoutMs: 5000 });
    expect(await zombies()).toBe('0');
  });

  it('can be found and looked at from its directory alone', async () => {
    const found = await labFrom(lab.directory);
    expect(found.bootstrap).toBe(lab.bootstrap);
    const status = await labStatus(lab.directory);
    expect(status.phase).toBe('up');
    expect(status.hosts.map(({ name, up }) => `${name} ${String(up)}`).sort()).toEqual([
      'broker-1 true',
      'broker-2 true',
      'broker-3 true',
      'zookeeper true',
    ]);
    for (const host of status.hosts) {
      expect(host.servicePid).not.toBeNull();
      expect(host.installedRelease).toBe(RELEASE);
    }
    await expect(labUp({ directory: lab.directory, release: RELEASE })).rejects.toThrow('A lab already runs from');
  });

  it('carries traffic without loss while one broker is restarted over SSH', async () => {
    const running = (traffic = await startTraffic({ lab }));
    const atStart = running.snapshot().acknowledged;
    const pid = await ssh(broker(2), 'pgrep -f kafka.Kafka');
    await ssh(broker(2), `kill -TERM ${pid}; while kill -0 ${pid} 2>/dev/null; do sleep 0.1; done`);
    await ssh(broker(2), ': > /var/log/kafka/server.log');
    const state = readLabState(lab.directory)?.hosts.find(({ name }) => name === 'broker-2');
    if (state === undefined) throw new Error('no state of broker-2');
    await startNode(state, { ssh: lab.ssh, javaHome: javaHome(), release: lab.release });
    await until(() => (running.snapshot().acknowledged > atStart + 3000 ? true : null), {
      what: '3000 more acknowledged records',
      timeoutMs: 60_000,
    });
    const report = await running.finish();
    expect(report).toMatchObject({ lost: 0, duplicated: 0, outstanding: 0, producerErrors: [], lostRecords: [] });
    expect(report.acknowledged).toBeGreaterThan(3000);
    expect(commandLinesWith(`--bootstrap-server ${lab.bootstrap}`)).toEqual([]);
  });

  it('gives a second lab beside it other addresses, and stops all that had started when that is aborted', async () => {
    const directory = join(parent, 'aborted');
    const abort = new AbortController();
    let address = '';
    const log = (line: string): void => {
      const up = /^broker-1 is up at (.*)$/.exec(line)?.[1];
      if (up === undefined) return;
      address = up;
      abort.abort();
    };
    await expect(labUp({ directory, release: RELEASE, brokers: 1, log, signal: abort.signal })).rejects.toThrow();
    expect(address).toMatch(/^127\.\d+\.0\.1$/);
    expect(address).not.toBe(broker(1).address);
    expect(existsSync(directory)).toBe(false);
    expect(commandLinesWith(directory)).toEqual([]);
  });

  it('is taken down by another process after its starter was killed half-way', async () => {
    const directory = join(parent, 'orphaned');
    const starter = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'support/lab-starter.ts'), directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(starter, 'exit');
    for await (const line of createInterface({ input: starter.stdout })) {
      if (line.startsWith('zookeeper is up')) break;
    }
    starter.kill('SIGKILL');
    await ended;
    await labDown(directory);
    expect(existsSync(directory)).toBe(false);
    await until(() => (commandLinesWith(directory).length === 0 ? true : null), {
      what: 'end of the orphaned hosts',
      timeoutMs: 30_000,
    });
  });

  it('leaves nothing when it is taken down, twice', async () => {
    const { directory } = lab;
    await lab.down();
    await lab.down();
    expect(lab.hosts.filter(({ pid }) => existsSync(`/proc/${String(pid)}`))).toEqual([]);
    expect(existsSync(directory)).toBe(false);
    expect(commandLinesWith(directory)).toEqual([]);
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(directory);
  });
});
