import { leftDown } from '../../../src/domain/upgrade/left-down';
import type { Trouble } from '../../../src/domain/upgrade/upgrade-state';
import { samplePlan, trouble } from '../../support/upgrade-fixture';

const words = (parked: Partial<Trouble>, plan = samplePlan()): string | null =>
  leftDown({ plan, parked: { ...trouble, ...parked } });

describe('what an end leaves down', () => {
  it('is the node that is parked while it is down: which one, where, and how it is started', () => {
    expect(words({})).toBe(
      'broker 1 (kafka@10.0.0.1:22) is down and stays so: when you are sure that no process of it runs, start it by hand there: `/opt/kafka/bin/kafka-server-start.sh -daemon /etc/kafka/server.properties`, with the environment of its service',
    );
  });

  it('is one that still shuts down, too, which may be started only afterwards', () => {
    expect(words({ type: 'StopTimedOut', nodeId: 2 })).toMatch(
      /^broker 2 \(kafka@10\.0\.0\.2:22\) is shutting down and is not brought back: when its process has ended, start it by hand/,
    );
  });

  it('is one that runs but does not listen, too', () => {
    expect(words({ type: 'StartTimedOut' })).toContain(
      'runs but does not listen, and is left so: when its process was ended, start it by hand there',
    );
  });

  it('may be one whose restart somebody ended by hand', () => {
    expect(words({ type: 'RestartEndedByHand' })).toContain(
      'may be down, and is left as it is: when you are sure that no process of it runs, start it by hand there',
    );
  });

  it("is started by an operator's own command where there is one", () => {
    const { outlook } = samplePlan();
    if (outlook === undefined) throw new Error('the sample has one');
    const commands = { start: 'sudo systemctl start kafka', stop: 'sudo systemctl stop kafka' };
    expect(words({}, samplePlan({ outlook: { ...outlook, commands } }))).toBe(
      'broker 1 (kafka@10.0.0.1:22) is down and stays so: when you are sure that no process of it runs, start it by hand there: `sudo systemctl start kafka`',
    );
  });

  it('is told also by plans that were made before they knew the command', () => {
    const { outlook: _, ...plan } = samplePlan();
    expect(words({}, plan)).toBe(
      'broker 1 (kafka@10.0.0.1:22) is down and stays so: when you are sure that no process of it runs, start it by hand there',
    );
  });

  it.each<[string, string | null]>([
    ['nothing is parked', leftDown({ plan: samplePlan(), parked: null })],
    ['there is no plan yet', leftDown({ plan: null, parked: trouble })],
    ['what is parked is up', words({ nodeIsDown: false })],
    ['it is no node that is parked', words({ nodeId: null })],
  ])('is nothing where %s', (_, said) => {
    expect(said).toBeNull();
  });
});
