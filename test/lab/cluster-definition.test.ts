import { parse } from 'yaml';
import { clusterDefinitionText } from '../../src/lab/cluster-definition';

const text = clusterDefinitionText({
  mode: 'zookeeper',
  cluster: 'lab',
  nodes: [
    { id: 1, roles: ['broker'], address: '127.77.0.1' },
    { id: 2, roles: ['broker'], address: '127.77.0.2' },
  ],
  ssh: { keyFile: '/lab/ssh/client_key', knownHostsFile: '/lab/ssh/known_hosts', port: 2222, user: 'root' },
  javaHome: '/usr/lib/jvm/java',
});

describe("the definition of a lab's cluster", () => {
  it('says how to reach every node, where its files are and how it is started', () => {
    expect(parse(text)).toEqual({
      cluster: 'lab',
      mode: 'zookeeper',
      nodes: [
        { id: 1, host: '127.77.0.1', kafka: '127.77.0.1:9092', jmx: '127.77.0.1:9999' },
        { id: 2, host: '127.77.0.2', kafka: '127.77.0.2:9092', jmx: '127.77.0.2:9999' },
      ],
      ssh: { user: 'root', port: 2222, privateKeyFile: '/lab/ssh/client_key', knownHostsFile: '/lab/ssh/known_hosts' },
      paths: {
        config: '/etc/kafka/server.properties',
        current: '/opt/kafka',
        releases: '/opt/kafka-releases/kafka_2.13-{version}',
        state: '/var/lib/kafka-upgrade',
        logs: '/var/log/kafka',
      },
      service: {
        type: 'scripts',
        environment: expect.objectContaining({
          JAVA_HOME: '/usr/lib/jvm/java',
          LOG_DIR: '/var/log/kafka',
          JMX_PORT: '9999',
        }),
        logging: { log4j: '/etc/kafka/log4j.properties', log4j2: '/etc/kafka/log4j2.yaml' },
      },
      policy: { soakSeconds: 0 },
    });
  });

  it('has one environment for all hosts: none of it names a host', () => {
    const { service } = parse(text) as { service: { environment: Record<string, string> } };
    expect(JSON.stringify(service.environment)).not.toContain('127.77');
  });

  it('keeps each node on a line of its own', () => {
    expect(text).toContain('\n  - { id: 2, host: 127.77.0.2, kafka: 127.77.0.2:9092, jmx: 127.77.0.2:9999 }\n');
  });
});
