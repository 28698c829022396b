import { NodeHistory } from '../../../src/lab/observer/node-history';
import type { SeenProcess } from '../../../src/lab/observer/kafka-processes';

const first: SeenProcess = { pid: 10, startTicks: 1 };
const second: SeenProcess = { pid: 20, startTicks: 2 };

/** What is seen at 0, 100, 200 … ms: a process or none, and whether its port is open. */
const seen = (...looks: [processes: SeenProcess[], accepts: boolean][]): NodeHistory => {
  const history = new NodeHistory();
  looks.forEach(([processes, accepts], index) => history.record({ atMs: index * 100, processes, accepts }));
  return history;
};

describe('what was seen of a node', () => {
  it('is away from the end of its process until its port accepts connections again', () => {
    const history = seen([[first], true], [[first], false], [[], false], [[second], false], [[second], true]);
    expect(history.absences()).toEqual([{ fromMs: 200, toMs: 400 }]);
    expect(history.state).toBe('up');
  });

  it('counts a process that ends before its port is open to the same absence', () => {
    const history = seen([[first], true], [[], false], [[second], false], [[], false], [[first], true]);
    expect(history.absences()).toEqual([{ fromMs: 100, toMs: 400 }]);
  });

  it('is away as well when the next process is there before anybody looks', () => {
    const history = seen([[first], true], [[first], false], [[second], false], [[second], true]);
    expect(history.absences()).toEqual([{ fromMs: 200, toMs: 300 }]);
    expect(history.goneMs(0, 300)).toBe(0);
  });

  it('is not away when a second process takes over from the first', () => {
    expect(seen([[first], true], [[first, second], true], [[second], true]).absences()).toEqual([]);
  });

  it('does not call it an absence when a process only closes its port for a while', () => {
    expect(seen([[first], true], [[first], false], [[first], true]).absences()).toEqual([]);
  });

  it('knows an absence that has not ended', () => {
    expect(seen([[first], true], [[], false]).absences()).toEqual([{ fromMs: 100, toMs: null }]);
  });

  it('tells how long no process was there, between any two moments', () => {
    const history = seen([[first], true], [[], false], [[], false], [[second], false], [[], false]);
    expect(history.goneMs(0, 1_000)).toBe(200 + 600);
    expect(history.goneMs(150, 250)).toBe(100);
    expect(history.goneMs(350, 400)).toBe(0);
  });

  it('remembers every process from the first look to the last, a used pid for another one', () => {
    const again = { ...first, startTicks: 9 };
    const history = seen([[first], true], [[first], true], [[again], true]);
    expect(history.processes).toEqual([
      { ...first, firstMs: 0, lastMs: 100 },
      { ...again, firstMs: 200, lastMs: 200 },
    ]);
  });

  it('remembers every look that found two processes of the node', () => {
    expect(seen([[first], true], [[first, second], true]).doubles).toEqual([{ atMs: 100, pids: [10, 20] }]);
  });

  it('has no state before the first look', () => {
    expect(new NodeHistory().state).toBeNull();
  });
});
