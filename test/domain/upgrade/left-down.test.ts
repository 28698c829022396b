import { downWords, leftDown } from '../../../src/domain/upgrade/left-down';
import type { Trouble } from '../../../src/domain/upgrade/upgrade-state';
import { midFirstRoll, samplePlan, stateAfter, trouble } from '../../support/upgrade-fixture';

const downWith = (seen: Partial<Trouble>): Record<number, Trouble> => {
  const told = { ...trouble, ...seen };
  return { [told.nodeId ?? 0]: told };
};

const words = (seen: Partial<Trouble>, plan = samplePlan()): string | null => leftDown({ plan, down: downWith(seen) });

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

  it('is every node that is down, whatever is parked now', () => {
    const down = { ...downWith({}), ...downWith({ nodeId: 2, type: 'HostLost' }) };
    expect(leftDown({ plan: samplePlan(), down })).toMatch(
      /^broker 1 .* is down and stays so: .*; broker 2 .* is not known to be up, as its host does not answer: /,
    );
  });

  it.each<[string, string | null]>([
    ['no node is down', leftDown({ plan: samplePlan(), down: {} })],
    ['there is no plan yet', leftDown({ plan: null, down: downWith({}) })],
    ['the plan does not know the node', words({ nodeId: 77 })],
  ])('is nothing where %s', (_, said) => {
    expect(said).toBeNull();
  });
});

describe('what is told of a node that is down', () => {
  it.each([
    ['StartFailed', 'broker 1 (kafka@10.0.0.1:22) is down'],
    ['StopTimedOut', 'broker 1 (kafka@10.0.0.1:22) is shutting down'],
    ['StartTimedOut', 'broker 1 (kafka@10.0.0.1:22) runs, but does not listen'],
    ['HostLost', 'broker 1 (kafka@10.0.0.1:22) is not known to be up: its host does not answer'],
  ])('%s: %s', (type, told) => {
    expect(downWords({ plan: samplePlan(), down: downWith({ type }) })).toEqual([told]);
  });
});

describe('a park of a node', () => {
  it.each<[string, Partial<Trouble>, number[]]>([
    ['is down', {}, [1]],
    ['runs', { nodeIsDown: false }, []],
    ['is none, but the whole cluster', { nodeId: null }, []],
  ])('that %s', (_, seen, down) => {
    const state = stateAfter(...midFirstRoll, { type: 'parked', trouble: { ...trouble, ...seen } });
    expect(Object.keys(state.down).map(Number)).toEqual(down);
  });
});
