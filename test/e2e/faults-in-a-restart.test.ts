/**
 * Faults in the middle of a restart, judged by an observer outside of the product. This is the part of
 * `npm run test:faults` for which every test run has the time; all of it is in docs/reliability.md.
 */
import type { RestartReport } from './support/faults/report';
import { faultReport } from './support/faults/report';
import type { FaultReport } from './support/faults/report';
import { oldBinaryByHand, temporalOut, workerFrozen } from './support/faults/faults';
import { faultRun } from './support/faults/fault-run';
import type { FaultRunResult } from './support/faults/fault-run';
import { running } from './support/upgrade-leg';

jest.setTimeout(15 * 60_000);

const outSeconds = 45;
/** A takeover of a frozen worker's restart, as promised (s). */
const frozenLimitSeconds = 25;
/** What an undisturbed restart of the same run may differ from another by, on a machine with other work (s). */
const noiseSeconds = 5;

const ignoreLog = (): void => undefined;

describe('an upgrade that faults strike in the middle of its restarts', () => {
  let result: FaultRunResult;
  let report: FaultReport;

  beforeAll(async () => {
    result = await faultRun({
      mode: 'zookeeper',
      from: '3.7.2',
      to: '3.8.1',
      rollBack: false,
      strikes: [
        { step: 'stop-asked', fault: temporalOut(outSeconds) },
        { step: 'stop-asked', fault: workerFrozen },
        { step: 'stop-asked', fault: oldBinaryByHand },
      ],
      log: ignoreLog,
    });
    report = faultReport(result);
  });

  afterAll(async () => {
    await result.close();
  });

  const struckBy = (name: string): RestartReport => {
    const found = report.restarts.find(({ strike }) => strike?.fault.name === name);
    if (found === undefined) throw new Error(`${name} has not struck`);
    return found;
  };

  it('was struck by each of them, and watched without a blink', () => {
    expect(report.restarts.flatMap(({ strike }) => (strike === null ? [] : [strike.failure]))).toEqual([
      null,
      null,
      null,
    ]);
    expect(report.looks).toBeGreaterThan(100);
    expect(report.longestBlinkMs).toBeLessThan(noiseSeconds * 1_000);
  });

  it('completes without a person, every broker on the new release', async () => {
    expect(result.look.ending).toMatchObject({ outcome: 'completed' });
    expect(result.tidings.told).toEqual([]);
    expect(await running(result.stage)).toEqual(Array.from({ length: 3 }, () => '3.8.1 3.8'));
  });

  it('I1: never has two nodes down at once, nor two processes of one', () => {
    expect(result.observer.downTogether).toEqual([]);
    expect([...result.observer.nodes.values()].flatMap(({ doubles }) => doubles)).toEqual([]);
  });

  it('brings a broker back while Temporal is out, as fast as an undisturbed one', () => {
    const { goneSeconds, strike, host } = struckBy(temporalOut(outSeconds).name);
    expect(goneSeconds).toBeLessThan(report.base.goneSeconds + noiseSeconds);
    const back = result.observer.nodes.get(host)?.absences()[0]?.toMs ?? Infinity;
    expect(back).toBeLessThan(strike?.overMs ?? 0);
  });

  it('brings a broker back whose worker is frozen, by the other one', () => {
    expect(struckBy(workerFrozen.name).goneSeconds).toBeLessThan(report.base.goneSeconds + frozenLimitSeconds);
  });

  it('leaves a broker alone that somebody starts in between, and restarts it again through the gate', () => {
    const { host, awaySeconds } = struckBy(oldBinaryByHand.name);
    expect(awaySeconds).not.toBeNull();
    // Twice a phase without the other: the process before, the one by hand, and the new one.
    expect(result.observer.nodes.get(host)?.processes.length).toBeGreaterThanOrEqual(4);
  });

  it('I4: leaves histories that any other worker can take over', () => {
    // The upgrade and six restarts.
    expect(result.replayed.count).toBeGreaterThanOrEqual(7);
    expect(result.replayed.failed).toEqual([]);
  });

  it('loses no acknowledged record', () => {
    expect(result.ledger).toMatchObject({ lost: 0, duplicated: 0 });
    expect(result.ledger.acknowledged).toBeGreaterThan(1_000);
  });
});
