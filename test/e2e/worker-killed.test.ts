/** The real upgrade on the real lab, its worker killed (SIGKILL) three times in phase 1, under live traffic. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { yesToAll } from '../../src/demo/answers';
import { runUpgrade } from '../../src/demo/run-upgrade';
import type { Stage } from '../../src/demo/stage';
import type { UpgradeLook } from '../../src/client/upgrade-client';
import type { NodeStepName } from '../../src/domain/upgrade/node-roll';
import type { UpgradeEvent } from '../../src/domain/upgrade/upgrade-state';
import type { LedgerReport } from '../../src/lab/traffic/traffic';
import { silentTerminal } from '../../src/terminal/silent-terminal';
import { openTestStage } from './support/upgrade-leg';

jest.setTimeout(15 * 60_000);

/**
 * Kills the worker once in the restart of every broker, each time at another step as far as it gets to see them, and
 * starts a new one. The soak makes sure that the last step lasts longer than the pause between two looks.
 */
class Killer {
  readonly kills: string[] = [];
  private readonly wanted: NodeStepName[] = ['stopping', 'starting', 'catching-up'];
  private readonly struck = new Set<number>();
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly stage: () => Stage) {}

  look(look: UpgradeLook): void {
    const node = look.live.node;
    if (node?.phase !== 'binaries' || this.struck.has(node.nodeId)) return;
    const at = this.wanted.indexOf(node.step);
    if (at === -1 && node.step !== 'catching-up') return;
    if (at !== -1) this.wanted.splice(at, 1);
    this.struck.add(node.nodeId);
    this.kills.push(`${node.step} of broker ${node.nodeId}`);
    this.running = this.running.then(async () => {
      await this.stage().worker().kill();
      await this.stage().startWorker();
    });
  }

  settled(): Promise<void> {
    return this.running;
  }
}

describe('an upgrade whose worker is killed again and again', () => {
  let stage: Stage;
  let killer: Killer;
  let look: UpgradeLook;
  let report: LedgerReport;
  let timeline: UpgradeEvent[];

  beforeAll(async () => {
    stage = await openTestStage({
      from: '3.7.2',
      to: '3.8.1',
      mode: 'zookeeper',
    });
    killer = new Killer(() => stage);
    const definition = join(stage.lab.definitionsDirectory, `${stage.cluster}.yaml`);
    writeFileSync(definition, readFileSync(definition, 'utf8').replace('soakSeconds: 0', 'soakSeconds: 4'));
    look = await runUpgrade({
      stage,
      to: '3.8.1',
      terminal: silentTerminal,
      answerer: (client) => yesToAll(client, () => undefined),
      onLook: (seen) => {
        killer.look(seen);
      },
    });
    await killer.settled();
    timeline = await stage.client.timeline();
    report = await stage.traffic.finish();
  });

  afterAll(async () => {
    await stage.close();
  });

  it('was killed in the restart of every broker', () => {
    expect(killer.kills).toHaveLength(3);
  });

  it('completes', () => {
    expect(look.ending).toMatchObject({ outcome: 'completed' });
    expect(look.status.items.map(({ state }) => state)).toEqual([
      ...Array.from({ length: 7 }, () => 'done'),
      'not-applicable',
      'done',
    ]);
  });

  it('leaves every broker running the new version with the new protocol', async () => {
    const facts = await stage.facts();
    expect(facts.map(({ version, protocol }) => `${version} ${protocol}`)).toEqual(
      Array.from({ length: 3 }, () => '3.8.1 3.8'),
    );
  });

  it('loses and duplicates no acknowledged record', () => {
    expect(report).toMatchObject({ lost: 0, duplicated: 0 });
    expect(report.acknowledged).toBeGreaterThan(1_000);
    expect(report.consumed).toBe(report.acknowledged);
  });

  it('I1: rolls one broker after the other, the active controller of the time last, and parks nowhere', () => {
    const rolls = timeline.flatMap((event) =>
      event.type === 'node' ? [`${event.phase} ${event.nodeId} ${event.progress.state}`] : [],
    );
    const finished = rolls.filter((line) => line.endsWith('done'));
    expect(rolls).toEqual(finished.flatMap((line) => [line.replace('done', 'rolling'), line]));
    expect(finished).toHaveLength(6);
    expect(timeline.filter(({ type }) => type === 'parked')).toEqual([]);
  });

  it('I2: raises the protocol only after every broker was seen to run the new binary', () => {
    const first = timeline.findIndex((event) => event.type === 'node' && event.phase === 'protocol');
    const verified = timeline.findIndex(
      (event) => event.type === 'evidence' && event.title === 'every node read again, binaries',
    );
    expect(verified).toBeGreaterThan(0);
    expect(first).toBeGreaterThan(verified);
  });

  it('stops every broker cleanly, every time', async () => {
    for (const { name } of stage.lab.brokers) {
      const { stdout } = await stage.lab.exec(
        name,
        'grep -h -i -E "unclean shutdown|Recovering unflushed segment|SIGKILL" /var/log/kafka/server.log* || true',
      );
      expect(stdout).toBe('');
    }
  });
});
