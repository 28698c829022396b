import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { kafkaConfigFiles } from '../../../src/lab/provision/kafka-config-files';
import { kafkaRelease } from '../../../src/lab/provision/kafka-release';
import { kafkaScripts } from '../../../src/lab/provision/kafka-scripts';
import { useTemporaryDirectory } from '../../support/temporary-directory';
import { until } from '../../support/until';

const directory = useTemporaryDirectory();
const classes = new Set([
  'kafka.admin.TopicCommand',
  'org.apache.kafka.tools.TopicCommand',
  'kafka.tools.ConsoleConsumer',
  'org.apache.zookeeper.ZooKeeperMainWithTlsSupportForKafka',
]);

/** A distribution without jars that count, and a `java` and `ps` of our own before the real ones. */
function install(version: string): string {
  const release = kafkaRelease(version);
  const root = join(directory(), 'kafka');
  for (const [name, text] of kafkaScripts(release, classes)) write(join(root, 'bin', name), text);
  for (const [name, text] of kafkaConfigFiles(release)) write(join(root, 'config', name), text);
  for (const jar of ['a.jar', 'b.jar', 'a.jar.asc']) write(join(root, 'libs', jar), '');
  write(join(directory(), 'fake', 'java'), '#!/bin/sh\nprintf "%s\\n" "compatibility=$LOG4J_COMPATIBILITY" "$@"\n');
  write(join(directory(), 'fake', 'ps'), `#!/bin/sh\ncat ${directory()}/processes 2>/dev/null\n`);
  return root;
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode: 0o755 });
}

interface Ran {
  status: number | null;
  stdout: string;
  stderr: string;
  /** The lines that the fake java printed: its arguments. */
  java: string[];
}

function run(script: string, args: string[], variables: Record<string, string> = {}): Ran {
  const env = { PATH: `${directory()}/fake:${process.env['PATH'] ?? ''}`, ...variables };
  const { status, stdout, stderr } = spawnSync(join(directory(), 'kafka/bin', script), args, {
    env,
    encoding: 'utf8',
    cwd: directory(),
  });
  return { status, stdout, stderr, java: stdout.trim().split('\n') };
}

describe('kafkaScripts', () => {
  it('writes only scripts whose class the release has, and prefers the newer class', () => {
    const scripts = kafkaScripts(kafkaRelease('3.7.2'), classes);
    expect([...scripts.keys()].sort()).toEqual([
      'kafka-console-consumer.sh',
      'kafka-run-class.sh',
      'kafka-server-start.sh',
      'kafka-server-stop.sh',
      'kafka-topics.sh',
      'zookeeper-server-start.sh',
      'zookeeper-server-stop.sh',
      'zookeeper-shell.sh',
    ]);
    expect(scripts.get('kafka-topics.sh')).toContain(' org.apache.kafka.tools.TopicCommand "$@"');
  });

  it('writes nothing of ZooKeeper from 4.0 on', () => {
    const names = [...kafkaScripts(kafkaRelease('4.0.0'), new Set(['kafka.Kafka'])).keys()];
    expect(names.filter((name) => name.startsWith('zookeeper'))).toEqual([]);
  });
});

describe('a tool script', () => {
  it('runs its class with all jars, a small heap and the arguments as they are', () => {
    const root = install('3.7.2');
    const { java } = run('kafka-topics.sh', ['--topic', 'two words', '*']);
    expect(java.slice(-4)).toEqual(['org.apache.kafka.tools.TopicCommand', '--topic', 'two words', '*']);
    expect(java).toContain('-Xmx256M');
    const classPath = java[java.indexOf('-cp') + 1] ?? '';
    expect(classPath).toBe(`${root}/bin/../libs/a.jar:${root}/bin/../libs/b.jar`);
    expect(java).toContain(`-Dlog4j.configuration=file:${root}/bin/../config/tools-log4j.properties`);
  });

  it('has its own default heap, which KAFKA_HEAP_OPTS overrides', () => {
    install('3.7.2');
    expect(run('kafka-console-consumer.sh', []).java).toContain('-Xmx512M');
    expect(run('kafka-console-consumer.sh', [], { KAFKA_HEAP_OPTS: '-Xmx64m' }).java).toContain('-Xmx64m');
  });

  it('puts CLASSPATH first and uses the java of JAVA_HOME', () => {
    install('3.7.2');
    write(join(directory(), 'home/bin/java'), '#!/bin/sh\necho "from home" "$@"\n');
    const { stdout } = run('kafka-topics.sh', [], { CLASSPATH: '/own.jar', JAVA_HOME: join(directory(), 'home') });
    expect(stdout).toMatch(/^from home .* -cp \/own\.jar:\S*a\.jar:\S*b\.jar /);
  });

  it('lets the JVM answer for JMX on JMX_PORT only', () => {
    install('3.7.2');
    const { java } = run('kafka-topics.sh', [], { JMX_PORT: '9999' });
    expect(java).toContain('-Dcom.sun.management.jmxremote.port=9999');
    expect(java).toContain('-Dcom.sun.management.jmxremote.rmi.port=9999');
    const options = { JMX_PORT: '9999', KAFKA_JMX_OPTS: '-Dcom.sun.management.jmxremote.rmi.port=1' };
    const own = run('kafka-topics.sh', [], options).java;
    expect(own.filter((line) => line.includes('rmi.port'))).toEqual(['-Dcom.sun.management.jmxremote.rmi.port=1']);
  });

  it('passes the shell of ZooKeeper its server', () => {
    install('3.7.2');
    expect(run('zookeeper-shell.sh', ['h:2181', 'ls', '/']).java.slice(-4)).toEqual(['-server', 'h:2181', 'ls', '/']);
  });
});

describe('kafka-server-start.sh', () => {
  it('explains itself without arguments', () => {
    install('3.7.2');
    const { status, stdout } = run('kafka-server-start.sh', []);
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /^USAGE: .*kafka-server-start.sh \[-daemon\] server.properties \[--override property=value\]/,
    );
  });

  it('runs the server in the foreground with 1 GB, its log files and a log of the garbage collector', () => {
    const root = install('3.7.2');
    const { java } = run('kafka-server-start.sh', ['server.properties', '--override', 'broker.id=7']);
    expect(java.slice(-4)).toEqual(['kafka.Kafka', 'server.properties', '--override', 'broker.id=7']);
    expect(java).toEqual(expect.arrayContaining(['-Xmx1G', '-Xms1G', `-Dkafka.logs.dir=${root}/bin/../logs`]));
    expect(java).toContain(`-Dlog4j.configuration=file:${root}/bin/../config/log4j.properties`);
    expect(java.find((option) => option.startsWith('-Xlog:gc'))).toContain('/logs/kafkaServer-gc.log:');
  });

  it('goes into the background with -daemon, its console in LOG_DIR', async () => {
    install('3.7.2');
    const logs = join(directory(), 'logs of ours');
    const variables = { LOG_DIR: logs, KAFKA_OPTS: '-Dx=1 -Dy=2', KAFKA_LOG4J_OPTS: '-Dlog4j.configuration=file:mine' };
    const { status, stdout } = run('kafka-server-start.sh', ['-daemon', 'server.properties'], variables);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    const console = join(logs, 'kafkaServer.out');
    await until(
      'the console is written',
      () => existsSync(console) && readFileSync(console, 'utf8').endsWith('server.properties\n'),
    );
    const java = readFileSync(console, 'utf8').trim().split('\n');
    expect(java.slice(-4)).toEqual(['-Dx=1', '-Dy=2', 'kafka.Kafka', 'server.properties']);
    expect(java).toContain('-Dlog4j.configuration=file:mine');
  });

  it('reads log4j2 from 4.0 on, and warns about a log4j 1 file that was kept', () => {
    const root = install('4.1.1');
    const fresh = run('kafka-server-start.sh', ['server.properties']);
    expect(fresh.java).toContain(`-Dlog4j2.configurationFile=${root}/bin/../config/log4j2.yaml`);
    expect(fresh.stderr).toBe('');
    const kept = run('kafka-server-start.sh', ['server.properties'], {
      KAFKA_LOG4J_OPTS: '-Dlog4j.configuration=file:/etc/kafka/log4j.properties',
    });
    expect(kept.stderr).toContain('DEPRECATED');
    expect(kept.java[0]).toBe('compatibility=true');
    const own = { KAFKA_LOG4J_OPTS: '-Dlog4j2.configurationFile=/etc/kafka/log4j2.xml' };
    expect(run('kafka-server-start.sh', ['server.properties'], own).stderr).toBe('');
  });
});

describe('kafka-server-stop.sh', () => {
  let servers: ChildProcess[] = [];
  beforeEach(() => {
    servers = [];
  });
  afterEach(() => {
    for (const server of servers) server.kill('SIGKILL');
  });

  /** A process that looks like a Kafka server in the fake process list. */
  function startServer(config: string): ChildProcess {
    const server = spawn('sleep', ['300'], { stdio: 'ignore', cwd: directory() });
    servers.push(server);
    const line = `${server.pid} java -Xmx1G -cp a.jar kafka.Kafka ${config}\n`;
    writeFileSync(join(directory(), 'processes'), line, { flag: 'a' });
    return server;
  }

  const isStopped = (server: ChildProcess): boolean => server.signalCode === 'SIGTERM';

  it('says that there is nothing to stop', () => {
    install('3.7.2');
    expect(run('kafka-server-stop.sh', [])).toMatchObject({ status: 1, stdout: 'No kafka server to stop\n' });
  });

  it.each(['3.6.2', '3.7.2'])('signals every Kafka of the host when not told which (%s)', async (version) => {
    install(version);
    const [one, two] = [startServer('/one.properties'), startServer('/two.properties')];
    expect(run('kafka-server-stop.sh', [])).toMatchObject({ status: 0, stdout: '' });
    await until('both ended', () => isStopped(one) && isStopped(two));
    expect([one.signalCode, two.signalCode]).toEqual(['SIGTERM', 'SIGTERM']);
  });

  it('signals only the node that is named, whose file may be relative to where it was started', async () => {
    install('3.7.2');
    writeFileSync(join(directory(), 'one.properties'), 'node.id=1\nprocess.roles=broker\n');
    writeFileSync(join(directory(), 'two.properties'), '# node.id=1\nnode.id = 2\nprocess.roles=controller\n');
    const one = startServer('one.properties --override x=y');
    const two = startServer(join(directory(), 'two.properties'));
    expect(run('kafka-server-stop.sh', ['--node-id=2'])).toMatchObject({ status: 0 });
    await until('two ended', () => isStopped(two));
    expect(one.signalCode).toBeNull();
    expect(run('kafka-server-stop.sh', ['--process-role', 'broker'])).toMatchObject({ status: 0 });
    await until('one ended', () => isStopped(one));
    expect(isStopped(one)).toBe(true);
  });

  it('signals nobody when no server matches', () => {
    install('3.7.2');
    writeFileSync(join(directory(), 'one.properties'), 'node.id=1\n');
    const one = startServer('one.properties');
    const { status, stdout } = run('kafka-server-stop.sh', ['--node-id', '9']);
    expect({ status, stdout }).toEqual({ status: 1, stdout: 'No kafka server with node id 9 to stop\n' });
    expect(one.signalCode).toBeNull();
  });
});

describe('kafkaConfigFiles', () => {
  it('configures ZooKeeper and log4j 1 up to 3.9', () => {
    const files = kafkaConfigFiles(kafkaRelease('3.9.2'));
    expect([...files.keys()].sort()).toEqual([
      'kraft/server.properties',
      'log4j.properties',
      'server.properties',
      'tools-log4j.properties',
      'zookeeper.properties',
    ]);
    for (const log of ['server.log', 'controller.log', 'state-change.log']) {
      expect(files.get('log4j.properties')).toContain(`.File=\${kafka.logs.dir}/${log}`);
    }
  });

  it('configures KRaft and log4j2 from 4.0', () => {
    const files = kafkaConfigFiles(kafkaRelease('4.0.0'));
    expect([...files.keys()].sort()).toEqual(['log4j2.yaml', 'server.properties', 'tools-log4j2.yaml']);
    expect(files.get('server.properties')).toContain('process.roles=broker,controller');
    expect(files.get('log4j2.yaml')).toContain('fileName: ${sys:kafka.logs.dir}/state-change.log');
  });
});
