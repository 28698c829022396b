import fc from 'fast-check';
import { gaugeBeans, gaugesOf } from '../../src/jmx/jmx-beans';
import { JmxCsv, splitCsv } from '../../src/jmx/jmx-csv';

const columns = {
  underReplicated: 'kafka.server:type=ReplicaManager,name=UnderReplicatedPartitions:Value',
  offline: 'kafka.controller:type=KafkaController,name=OfflinePartitionsCount:Value',
  controllers: 'kafka.controller:type=KafkaController,name=ActiveControllerCount:Value',
  state: 'kafka.server:type=KafkaServer,name=BrokerState:Value',
  version: 'kafka.server:type=app-info,id=2:Version',
};
const header = (names: string[]): string => ['time', ...names].map((name) => `"${name}"`).join(',');
const all = Object.values(columns);

describe('JmxCsv', () => {
  it('reads rows by column name, whatever the order of the columns', () => {
    const csv = new JmxCsv();
    expect(
      csv.read(header([columns.version, columns.state, columns.offline, columns.controllers, columns.underReplicated])),
    ).toBeNull();
    const row = csv.read('1732368000123,3.7.2,3,0,1,4');
    expect(row && gaugesOf(row, 2)).toEqual({
      sampledAtMs: 1732368000123,
      version: '3.7.2',
      brokerState: 3,
      offlinePartitions: 0,
      activeControllers: 1,
      underReplicatedPartitions: 4,
    });
  });

  it('takes a missing column for unmeasurable, never for zero', () => {
    const csv = new JmxCsv();
    csv.read(header([columns.state]));
    const row = csv.read('5,3');
    expect(row && gaugesOf(row, 2)).toEqual({
      sampledAtMs: 5,
      brokerState: 3,
      version: null,
      offlinePartitions: null,
      activeControllers: null,
      underReplicatedPartitions: null,
    });
  });

  it('follows a new header after a restart', () => {
    const csv = new JmxCsv();
    csv.read(header([columns.offline]));
    csv.read(header([columns.underReplicated]));
    const row = csv.read('7,9');
    expect(row && gaugesOf(row, 2)).toMatchObject({ offlinePartitions: null, underReplicatedPartitions: 9 });
  });

  it.each(['', 'Trying to connect to JMX url: x.', '5,3', '5,1,2,3,4,5,6', 'NaN,1,2,3,4,5', '  at a.b(C.java:1), x'])(
    'gives nothing for the line %j',
    (line) => {
      const csv = new JmxCsv();
      csv.read(header(all));
      expect(csv.read(line)).toBeNull();
    },
  );

  it('gives nothing before the first header', () => {
    expect(new JmxCsv().read('5,1,2,3,4,5')).toBeNull();
  });

  it.each(['', '-1', 'NaN', '1.5', 'Not a number'])('takes %j for no count', (value) => {
    const csv = new JmxCsv();
    csv.read(header([columns.underReplicated]));
    const row = csv.read(`5,${value}`);
    expect(row && gaugesOf(row, 2)).toMatchObject({ underReplicatedPartitions: null });
  });

  it('asks for the beans whose columns it reads', () => {
    const asked = gaugeBeans({ nodeId: 2, mode: 'zookeeper', roles: ['broker'] });
    expect(all.every((column) => asked.some((bean) => column.startsWith(`${bean}:`)))).toBe(true);
  });
});

describe('splitCsv', () => {
  it('undoes quoting', () => {
    const quote = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (cells) => {
        expect(splitCsv(cells.map(quote).join(','))).toEqual(cells);
      }),
    );
  });
});
