/**
 * What the plan finds on a real cluster that is broken on purpose, one fault at a time: each is made, must be named with its
 * severity, and is mended again.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { Kafka as OldKafka } from 'kafkajs-old';
import { parseDocument } from 'yaml';
import type { Finding, FindingSeverity } from '../../src/domain/checks/finding';
import { parseRequest } from '../../src/domain/plan/request';
import type { UpgradePlan } from '../../src/domain/plan/upgrade-plan';
import { labUp } from '../../src/lab/lab';
import type { Lab } from '../../src/lab/lab';
import { awaitRegistered, serviceProcess, startNode } from '../../src/lab/kafka-service';
import { javaHome } from '../../src/lab/lab-start';
import { ensureTopic } from '../../src/lab/traffic/topic';
import { planLocally } from '../../src/worker/local-plan';
import { until } from '../support/until';

jest.setTimeout(10 * 60_000);

const [from, to] = ['3.9.2', '4.3.0'];
const file = '/etc/kafka/server.properties';

interface Fault {
  what: string;
  /** Shell commands on the host of broker 2. */
  make: string;
  mend: string;
  /** What the finding must say. */
  words: string;
  severity: FindingSeverity;
}

const line = (text: string, words: string, severity: FindingSeverity): Fault => ({
  what: text,
  make: `echo '${text}' >> ${file}`,
  mend: `cp /tmp/good.properties ${file}`,
  words,
  severity,
});

const bootstrap = `"$(sed -n 's/^listeners=PLAINTEXT:..\\([^,]*\\).*/\\1/p' ${file})"`;
const kafkaTool = (tool: string, rest: string): string =>
  `/opt/kafka/bin/${tool} --bootstrap-server ${bootstrap} ${rest}`;
const brokerConfig = (rest: string): string =>
  kafkaTool('kafka-configs.sh', `--alter --entity-type brokers --entity-name 2 ${rest}`);
const topicConfig = (rest: string): string =>
  kafkaTool('kafka-configs.sh', `--alter --entity-type topics --entity-name orders ${rest}`);

/** Lets this host alone have a program of its own: the first of its kind on the PATH, in the host's mount namespace. */
const install = (program: string, script: string): string =>
  `mkdir -p /tmp/own && printf '${script}' > /tmp/own/${program} && chmod +x /tmp/own/${program} &&
  mount -t overlay -o lowerdir=/tmp/own:/usr/bin none /usr/bin`;
const uninstall = 'umount -l /usr/bin && rm -r /tmp/own';

/** A move that lasts: eight megabytes at a kilobyte a second, after the first fetch. */
const move = '{"version":1,"partitions":[{"topic":"moving","partition":0,"replicas":[1,2,3]}]}';
const reassign = (rest: string): string =>
  kafkaTool('kafka-reassign-partitions.sh', `--reassignment-json-file /tmp/move.json ${rest}`);

const faults: Fault[] = [
  line('leader.imbalance.per.broker.percentage=5', 'leader.imbalance.per.broker.percentage is set on', 'warning'),
  line('log.segment.bytes=65536', 'log.segment.bytes=65536 on broker-2; Kafka 4.3 takes [1048576,...]', 'blocker'),
  line('num.io.thread=8', 'no release knows it, but they know num.io.threads', 'warning'),
  line('background.threads=12', 'background.threads is not set on broker-1, broker-3; 12 on broker-2', 'warning'),
  line('zookeeper.connect=zk:2181', 'zookeeper.connect mean nothing in mode kraft', 'note'),
  {
    what: 'a dynamic setting that outranks the file',
    make: `echo 'log.cleaner.threads=1' >> ${file}; ${brokerConfig('--add-config log.cleaner.threads=2')}`,
    mend: `cp /tmp/good.properties ${file}; ${brokerConfig('--delete-config log.cleaner.threads')}`,
    words: 'log.cleaner.threads=1 in the file of broker-2, but 2 runs',
    severity: 'warning',
  },
  {
    what: 'a topic that may lose records',
    make: topicConfig('--add-config unclean.leader.election.enable=true'),
    mend: topicConfig('--delete-config unclean.leader.election.enable'),
    words: 'unclean.leader.election.enable is true for topic orders',
    severity: 'warning',
  },
  {
    what: 'a full disk',
    make: 'mkdir -p /var/lib/kafka-upgrade/lab && mount -t tmpfs -o size=1m none /var/lib/kafka-upgrade/lab',
    mend: 'umount /var/lib/kafka-upgrade/lab',
    words: 'broker-2: /var/lib/kafka-upgrade/lab has 1 MiB free of 1 MiB',
    severity: 'blocker',
  },
  {
    what: 'configuration management at work',
    make: 'cp "$(command -v sleep)" /tmp/puppet; /tmp/puppet 300 >/dev/null 2>&1 & echo "$!" > /tmp/puppet.pid',
    mend: 'kill "$(cat /tmp/puppet.pid)"',
    words: 'Configuration management is at work: puppet on broker-2',
    severity: 'warning',
  },
  {
    what: 'configuration management that cron runs',
    make: "mkdir -p /etc/cron.d && printf '# chef-client\n*/30 * * * * root ansible-pull -U /srv/site\n' > /etc/cron.d/site",
    mend: 'rm /etc/cron.d/site',
    words: 'Configuration management is at work: ansible-pull in /etc/cron.d/site on broker-2',
    severity: 'warning',
  },
  {
    what: 'Cruise Control',
    make: kafkaTool('kafka-topics.sh', '--create --topic __CruiseControlMetrics --partitions 1 --replication-factor 3'),
    mend: kafkaTool('kafka-topics.sh', '--delete --topic __CruiseControlMetrics'),
    words: 'Cruise Control works on this cluster: topic __CruiseControlMetrics',
    severity: 'warning',
  },
  {
    what: 'a reassignment under way',
    make: [
      kafkaTool('kafka-topics.sh', '--create --topic moving --replica-assignment 1:2'),
      `/opt/kafka/bin/kafka-producer-perf-test.sh --topic moving --num-records 40 --record-size 200000 --throughput -1 --producer-props acks=all bootstrap.servers=${bootstrap}`,
      `echo '${move}' > /tmp/move.json`,
      reassign('--execute --throttle 1000'),
    ].join(' && '),
    mend: `${reassign('--cancel')} && ${kafkaTool('kafka-topics.sh', '--delete --topic moving')}`,
    words: '1 partitions are being reassigned: moving-0',
    severity: 'warning',
  },
  {
    what: 'a host whose clock goes wrong, as its date tells',
    make: `cp /usr/bin/date /tmp/real-date && ${install('date', '#!/bin/sh\nexec /tmp/real-date -d "5 minutes" "$@"\n')}`,
    mend: uninstall,
    words: 'The clocks of the hosts differ; against this machine: broker-1 0.0 s, broker-2 ',
    severity: 'warning',
  },
];

describe('the plan of a cluster that is broken on purpose', () => {
  let lab: Lab;
  let tookMs = 0;

  const plan = async (): Promise<UpgradePlan> => {
    const began = performance.now();
    const request = parseRequest({ cluster: 'lab', target: to });
    const { plan: made } = await planLocally({ definitionsDirectory: lab.definitionsDirectory, request });
    tookMs = performance.now() - began;
    return made;
  };

  const find = async (words: string): Promise<Finding[]> =>
    (await plan()).findings.filter(({ seen }) => seen.includes(words));

  const onHost = async (command: string): Promise<void> => {
    const { exitCode, stdout, stderr } = await lab.exec('broker-2', command);
    if (exitCode !== 0) throw new Error(`${command}: ${stdout}${stderr}`);
  };

  /** The definition with other values, for as long as `check` takes. */
  const withDefinition = async (
    values: [path: string[], value: unknown][],
    check: () => Promise<void>,
  ): Promise<void> => {
    const definition = join(lab.definitionsDirectory, 'lab.yaml');
    const original = readFileSync(definition, 'utf8');
    const document = parseDocument(original);
    for (const [path, value] of values) document.setIn(path, value);
    writeFileSync(definition, document.toString());
    try {
      await check();
    } finally {
      writeFileSync(definition, original);
    }
  };

  beforeAll(async () => {
    lab = await labUp({ mode: 'kraft', release: from, stagedReleases: [to] });
    await onHost(`cp ${file} /tmp/good.properties`);
    await ensureTopic({ bootstrap: lab.bootstrap, topic: 'orders', partitions: 6, replicas: 3 });
  });

  afterAll(() => lab.down());

  it('is clean before: no blocker, nothing to accept, only defaults that change and release notes', async () => {
    const { findings, mustAccept } = await plan();
    expect(mustAccept).toEqual([]);
    const disks = /has [\d.]+ [GM]iB free of/;
    expect(findings.filter(({ severity, seen }) => severity !== 'note' && !disks.test(seen))).toEqual([]);
    const changed = 'The default of log.message.timestamp.after.max.ms changes from 9223372036854775807 to 3600000';
    expect(findings.filter(({ seen }) => seen.startsWith(changed))).toHaveLength(1);
    process.stdout.write(`\nplan of 3 brokers, no groups: ${(tookMs / 1000).toFixed(1)} s\n`);
  });

  it.each(faults)('names $what', async ({ make, mend, words, severity }) => {
    await onHost(make);
    try {
      const found = await find(words);
      expect(found.map((finding) => finding.severity)).toEqual([severity]);
    } finally {
      await onHost(mend);
    }
  });

  it.each([
    ['one replica', 'lonely', 1],
    ['as many replicas as min.insync.replicas', 'tight', 2],
  ])('asks for the acceptance of a topic with %s', async (_, topic, replicas) => {
    const topics = { bootstrap: lab.bootstrap, topic, partitions: 1, replicas };
    await ensureTopic(topics);
    const { mustAccept } = await plan();
    const admin = new Kafka({ brokers: lab.bootstrap.split(','), logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await admin.deleteTopics({ topics: [topic] });
    await admin.disconnect();
    expect(mustAccept).toEqual([topic]);
  });

  it('names a group that stands still while records arrive', async () => {
    const kafka = new Kafka({ brokers: lab.bootstrap.split(','), logLevel: logLevel.NOTHING });
    const [admin, producer] = [kafka.admin(), kafka.producer()];
    await Promise.all([admin.connect(), producer.connect()]);
    await admin.setOffsets({ groupId: 'billing', topic: 'orders', partitions: [{ partition: 0, offset: '0' }] });
    const messages = [{ value: 'x', partition: 0 }];
    const arriving = setInterval(() => void producer.send({ topic: 'orders', messages }), 200);
    try {
      const found = await find('Consumer group billing has not committed for');
      expect(found.map(({ severity }) => severity)).toEqual(['warning']);
      expect(tookMs).toBeGreaterThan(6_000);
      process.stdout.write(`\nplan of 3 brokers, a group that stands: ${(tookMs / 1000).toFixed(1)} s\n`);
    } finally {
      clearInterval(arriving);
      await Promise.all([admin.disconnect(), producer.disconnect()]);
    }
  });

  it('asks for the acceptance of clients that the target would cut off', async () => {
    const producer = new OldKafka({ clientId: 'from-2018', brokers: lab.bootstrap.split(',') }).producer();
    await producer.connect();
    await producer.send({ topic: 'orders', messages: [{ key: 'k', value: 'v' }] });
    await producer.disconnect();
    const { findings, mustAccept } = await plan();
    expect(mustAccept).toEqual(['deprecated-clients']);
    expect(findings.find(({ severity }) => severity === 'needs-acceptance')?.seen).toMatch(
      /a client that does not name itself: \d+ requests \(.*Produce v2/i,
    );
  });

  it('names a Java that is too old for the target', async () => {
    const home = javaHome();
    const script = `#!/bin/sh\\n[ "$1" = -version ] && { echo "openjdk version \\\\"11.0.2\\\\"" >&2; exit; }\\nexec ${home}/bin/java "$@"\\n`;
    for (const { name } of lab.brokers)
      await lab.exec(
        name,
        `mkdir -p /opt/java-11/bin && printf '${script}' > /opt/java-11/bin/java && chmod +x /opt/java-11/bin/java`,
      );
    await withDefinition([[['service', 'environment', 'JAVA_HOME'], '/opt/java-11']], async () => {
      const found = (await plan()).findings.filter(({ severity }) => severity === 'blocker');
      expect(found.map(({ seen }) => seen)).toEqual([1, 2, 3].map((id) => `The host of broker ${id} has Java 11.`));
    });
  });

  /** No systemd runs here: a program of its name answers this one question in its words. */
  it('names a systemd unit that kills a broker before it has stopped', async () => {
    const answer = '[ "$*" = "show -p TimeoutStopUSec --value -- kafka" ] && echo "1min 30s"';
    await onHost(install('systemctl', `#!/bin/sh\\n${answer}\\n`));
    const service = { type: 'commands', start: 'systemctl start kafka', stop: 'systemctl stop kafka' };
    try {
      await withDefinition([[['service'], service]], async () => {
        const found = await find(
          'broker-2: systemd kills the service 90 s after it was asked to stop (TimeoutStopSec)',
        );
        expect(found.map(({ severity }) => severity)).toEqual(['warning']);
      });
    } finally {
      await onHost(uninstall);
    }
  });

  it('names a log directory that its broker has taken offline', async () => {
    const broker = lab.brokers.find(({ name }) => name === 'broker-2');
    const directory = (await plan()).nodes.find(({ nodeId }) => nodeId === broker?.nodeId)?.logDirectories[0];
    if (broker === undefined || directory === undefined) throw new Error('broker 2 is not in the plan');
    const second = `${directory}-second`;
    await onHost(`sed -i 's#^log.dirs=.*#log.dirs=${directory},${second}#' ${file} && touch ${second}`);
    await onHost('/opt/kafka/bin/kafka-server-stop.sh');
    await until('broker 2 has stopped', () => serviceProcess(broker) === null, 60_000);
    await startNode(broker, { ssh: lab.ssh, javaHome: javaHome(), release: from });
    await awaitRegistered(lab.brokers);
    const found = await until(
      'the plan names the directory',
      async () => (await find(`Log directory ${second} of broker 2 is offline`))[0] ?? null,
      60_000,
    );
    expect(found).toMatchObject({ severity: 'blocker' });
  });
});
