import { parseMigrationState } from '../../src/jmx/jmx-beans';

const bean = (name: string): string => `"kafka.controller:type=KafkaController,name=${name}:Value"`;

describe('the state of a migration in a report of all controller gauges', () => {
  it.each([
    [`"time",${bean('ActiveControllerCount')},${bean('ZkMigrationState')}\n1,1,2\n`, 2],
    [`Trying to connect…\n"time",${bean('ZkMigrationState')}\n1,0\n`, 0],
    [`"time",${bean('ActiveControllerCount')}\n1,1\n`, null],
    [`"time",${bean('ZkMigrationState')}\n1,NaN\n`, null],
    ['', null],
  ])('%j is %s', (report, state) => {
    expect(parseMigrationState(report)).toBe(state);
  });
});
