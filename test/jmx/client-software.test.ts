import { parseClientSoftware } from '../../src/jmx/client-software';

const column = (thread: number, name: string, version: string, listener = 'PLAINTEXT'): string =>
  `"kafka.server:clientSoftwareName=${name},clientSoftwareVersion=${version},listener=${listener},networkProcessor=${thread},type=socket-server-metrics:connections"`;

describe('parseClientSoftware', () => {
  it('adds up the network threads of a listener, most used first, and leaves out who has gone', () => {
    const header = [
      '"time"',
      column(0, 'unknown', 'unknown'),
      column(0, 'apache-kafka-java', '3.7.2'),
      column(1, 'apache-kafka-java', '3.7.2'),
      column(1, 'librdkafka', '2.3.0'),
      column(0, 'apache-kafka-java', '3.7.2', 'SSL'),
    ];
    const report = `Trying to connect\n${header.join(',')}\n1732368000123,1.0,2.0,3.0,0.0,4.0\n`;
    expect(parseClientSoftware(7, report)).toEqual([
      { nodeId: 7, listener: 'PLAINTEXT', name: 'apache-kafka-java', version: '3.7.2', connections: 5 },
      { nodeId: 7, listener: 'SSL', name: 'apache-kafka-java', version: '3.7.2', connections: 4 },
      { nodeId: 7, listener: 'PLAINTEXT', name: 'unknown', version: 'unknown', connections: 1 },
    ]);
  });

  it('gives nobody for a report without these beans', () => {
    expect(parseClientSoftware(7, '"time"\n1732368000123\n')).toEqual([]);
    expect(parseClientSoftware(7, '')).toEqual([]);
  });
});
