import { chmodSync, mkdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClusterDefinition } from '../../src/config/definition';
import type { HostLease } from '../../src/domain/cluster/cluster';

/** Where a fake Kafka host keeps its things. */
export interface FakeKafkaHost {
  root: string;
  cluster: Pick<ClusterDefinition, 'paths' | 'service'>;
}

/**
 * A stand-in for bin/kafka-server-start.sh: like the real one it leaves a process called `java` behind, with
 * kafka.Kafka and the properties file as arguments. It ends 0.2 s after SIGTERM, in which a thread has the name of Kafka's
 * shutdown hook, and leaves the clean-stop marker.
 */
const startScript = (data: string): string => `#!/bin/bash
[ "$1" = -daemon ] && shift
config=$1
body='trap "printf kafka-shutdown- >/proc/self/comm; sleep 0.2; : >\\"$DATA/.kafka_cleanshutdown\\"; exit 0" TERM; rm -f "$DATA/.kafka_cleanshutdown"; while :; do sleep 0.02; done'
if [ -e "$(dirname "$0")/broken" ]; then echo "the fake cannot start"; exit 3; fi
export DATA=${JSON.stringify(data)}
nohup bash -c 'exec -a "$0" bash -c "$@"' /usr/lib/fake/java "$body" -Xmx1G kafka.Kafka "$config" >/dev/null 2>&1 </dev/null &
`;

/** Makes the directories of a host with two fake releases, 3.7.2 (current) and 3.8.1. */
export const makeFakeKafkaHost = (parent: string, name: string): FakeKafkaHost => {
  const root = join(parent, name);
  for (const version of ['3.7.2', '3.8.1']) {
    const release = join(root, 'opt', `kafka_2.13-${version}`);
    for (const folder of ['bin', 'libs']) mkdirSync(join(release, folder), { recursive: true });
    writeFileSync(join(release, 'libs', `kafka_2.13-${version}.jar`), '');
    writeFileSync(join(release, 'bin', 'kafka-server-start.sh'), startScript(join(root, 'data')));
    chmodSync(join(release, 'bin', 'kafka-server-start.sh'), 0o755);
  }
  for (const folder of ['etc', 'data', 'log', 'state parent']) mkdirSync(join(root, folder), { recursive: true });
  symlinkSync(join(root, 'opt', 'kafka_2.13-3.7.2'), join(root, 'opt', 'kafka'));
  writeFileSync(join(root, 'etc', 'server.properties'), "broker.id=1\n# a comment with 'quotes' and $HOME\n");
  writeFileSync(join(root, 'log', 'server.log'), 'first\nsecond\nthird\n');
  return {
    root,
    cluster: {
      service: { type: 'scripts', environment: { KAFKA_HEAP_OPTS: '-Xmx64m' }, logging: { log4j: null, log4j2: null } },
      paths: {
        config: join(root, 'etc', 'server.properties'),
        current: join(root, 'opt', 'kafka'),
        releases: join(root, 'opt', 'kafka_2.13-{version}'),
        state: join(root, 'state parent', 'kafka-upgrade', 'orders'),
        logs: join(root, 'log'),
      },
    },
  };
};

/** A lease of the run that most tests act for. */
export const leaseOf = (overrides: Partial<HostLease> = {}): HostLease => ({
  clusterId: 'cluster-A',
  owner: 'server/default/kafka-upgrade/orders',
  runId: 'run-1',
  epoch: 1,
  step: 1,
  attempt: 1,
  held: true,
  ...overrides,
});

/** Where a link points, as text. */
export const linkTarget = (path: string): string => readlinkSync(path);
