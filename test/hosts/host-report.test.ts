import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { parseDiskSpace, parseHostFacts, parseTimeSpan, parseZooKeeper } from '../../src/hosts/host-report';
import { diskSpaceScript, systemdUnit, zooKeeperScript } from '../../src/hosts/look-scripts';
import { scriptLibrary } from '../../src/hosts/script-library';
import { runShell } from '../support/local-shell';

describe('a time span of systemd', () => {
  it.each([
    ['1min 30s', 90],
    ['5min', 300],
    ['1h 2.500s', 3_602.5],
    ['infinity', null],
    ['', null],
    ['nonsense', null],
  ])('%s is %s seconds', (text, seconds) => {
    expect(parseTimeSpan(text)).toBe(seconds);
  });
});

describe('configuration management', () => {
  it('is what runs, and what is scheduled, with the file', () => {
    const facts = new Map([
      ['hostname', 'kafka-1'],
      ['properties', ''],
      ['managers', 'puppet salt-minion '],
      ['schedules', 'ansible-pull:/etc/cron.d/site '],
    ]);
    const look = { beganSeconds: 0, endedSeconds: 0 };
    const { managers } = parseHostFacts(facts, { nodeId: 1, address: 'kafka-1:22', loggingFiles: [], look });
    expect(managers).toEqual(['puppet', 'salt-minion', 'ansible-pull in /etc/cron.d/site']);
  });
});

describe('the unit that a stop command stops', () => {
  it.each([
    ['systemctl stop kafka', 'kafka'],
    ['sudo /usr/bin/systemctl --no-block stop kafka@1.service', 'kafka@1.service'],
    ['/opt/stop-kafka.sh', null],
    ['systemctl restart kafka', null],
  ])('%s', (command, unit) => {
    expect(systemdUnit(command)).toBe(unit);
  });
});

describe('disk space', () => {
  it('is read of the nearest parent that exists', async () => {
    const script = `${scriptLibrary}\n${diskSpaceScript(['/tmp', '/tmp/not/there yet', '/nowhere'])}`;
    const { stdout, stderr } = await runShell(script);
    expect(stderr).toBe('');
    const facts = new Map(stdout.split('\n').map((line) => line.split('=', 2) as [string, string]));
    const disks = parseDiskSpace(facts, 1, ['/tmp', '/tmp/not/there yet', '/nowhere']);
    expect(disks.map(({ path }) => path)).toEqual(['/tmp', '/tmp/not/there yet', '/nowhere']);
    expect(disks[1]?.totalBytes).toBe(disks[0]?.totalBytes);
    expect(disks.every(({ totalBytes }) => totalBytes > 0)).toBe(true);
  });

  it('leaves out what df could not tell', () => {
    const facts = new Map([['disk_1', '1000 250']]);
    expect(parseDiskSpace(facts, 3, ['/a', '/b'])).toEqual([
      { nodeId: 3, path: '/b', totalBytes: 1_024_000, availableBytes: 256_000 },
    ]);
  });
});

describe('the version of ZooKeeper', () => {
  it('is what a server answers to `srvr`; one that is not there tells none', async () => {
    const asked: string[] = [];
    const server = createServer((socket) => {
      socket.once('data', (data) => {
        asked.push(data.toString());
        socket.end('Zookeeper version: 3.6.3--6401e4ad2087, built on 04/08/2021\nMode: standalone\n');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const servers = [
      { host: '127.0.0.1', port: 1 },
      { host: '127.0.0.1', port },
    ];
    const { stdout, stderr } = await runShell(`${scriptLibrary}\n${zooKeeperScript(servers)}`);
    server.close();
    expect(stderr).toBe('');
    expect(asked).toEqual(['srvr']);
    const facts = new Map(stdout.split('\n').map((line) => line.split('=', 2) as [string, string]));
    expect(parseZooKeeper(facts, servers)).toEqual([
      { server: '127.0.0.1:1', version: null },
      { server: `127.0.0.1:${port}`, version: '3.6.3' },
    ]);
  });
});
