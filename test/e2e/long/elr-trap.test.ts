/**
 * The trap of `eligible.leader.replicas.version` on isolated controllers without min.insync.replicas: raised naively, the
 * effective value of topics without their own falls from 2 to 1, and lowering the feature does not bring it back. The
 * product writes the cluster's value first. The other feature that is raised only when asked for, kraft.version, comes with it.
 */
import type { UpgradeLook } from '../../../src/client/upgrade-client';
import type { Stage } from '../../../src/demo/stage';
import { labUp } from '../../../src/lab/lab';
import type { Lab } from '../../../src/lab/lab';
import { openTestStage, running, upgradeLeg } from '../support/upgrade-leg';

jest.setTimeout(10 * 60_000);

const elr = 'eligible.leader.replicas.version';
const kraftVersion = 'kraft.version';

/** Runs a tool of Kafka on the first broker's host; its output, errors included. */
const tool = async (lab: Lab, command: string): Promise<string> => {
  const [script = '', ...words] = command.split(' ');
  const line = `/opt/kafka/bin/${script} --bootstrap-server ${lab.bootstrap} ${words.join(' ')} 2>&1`;
  return (await lab.exec('broker-1', line)).stdout;
};

/** What the cluster says that min.insync.replicas of the topic is. */
const effectiveMinIsr = async (lab: Lab, topic: string): Promise<string | undefined> => {
  const said = await tool(lab, `kafka-configs.sh --describe --all --entity-type topics --entity-name ${topic}`);
  return /min\.insync\.replicas=(\d+)/.exec(said)?.[1];
};

const until = async (holds: () => Promise<boolean>): Promise<void> => {
  for (let tries = 0; tries < 20; tries += 1) if (await holds()) return;
  throw new Error('it did not come true within 20 looks');
};

const carelessControllers = { controllerProperties: { 'min.insync.replicas': null } };

describe('the trap, by hand', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await labUp({
      mode: 'kraft-isolated',
      controllers: 1,
      brokers: 2,
      release: '4.1.2',
      features: { [elr]: 0 },
      ...carelessControllers,
    });
    await tool(lab, 'kafka-topics.sh --create --topic plain --partitions 1 --replication-factor 2');
  });

  afterAll(() => lab.down());

  it('lowers min.insync.replicas from 2 to 1, and the way back of the feature does not undo it', async () => {
    expect(await effectiveMinIsr(lab, 'plain')).toBe('2');
    expect(await tool(lab, `kafka-features.sh upgrade --feature ${elr}=1`)).toContain('was upgraded to 1');
    await until(async () => (await effectiveMinIsr(lab, 'plain')) === '1');
    expect(await tool(lab, `kafka-features.sh downgrade --feature ${elr}=0`)).toContain('was downgraded to 0');
    expect(await effectiveMinIsr(lab, 'plain')).toBe('1');
  });
});

describe('the same, by an upgrade that asks for the feature', () => {
  let stage: Stage;
  let look: UpgradeLook;
  const gates: string[] = [];

  beforeAll(async () => {
    stage = await openTestStage({ from: '4.0.2', to: '4.1.2', mode: 'kraft-isolated', lab: carelessControllers });
    await tool(stage.lab, 'kafka-topics.sh --create --topic plain --partitions 1 --replication-factor 3');
    look = await upgradeLeg({
      stage,
      to: '4.1.2',
      features: { [elr]: 1, [kraftVersion]: 1 },
      onLook: ({ status }) => {
        const gate = status.waitingFor?.gate ?? null;
        if (gate !== null && gates.at(-1) !== gate) gates.push(gate);
      },
    });
  });

  afterAll(async () => {
    await stage.close();
  });

  it('asks for it at a gate of its own, and says what is written first', async () => {
    expect(gates).toEqual(['plan', 'canary', 'protocol', elr, kraftVersion]);
    const plan = await stage.client.plan();
    expect(plan?.plan.finalization.find(({ feature }) => feature === elr)).toMatchObject({
      prepare: { name: 'min.insync.replicas', value: '2' },
    });
    expect(plan?.plan.findings.map(({ seen }) => seen)).toContainEqual(
      expect.stringContaining('min.insync.replicas is 2 on every broker, from their files only'),
    );
  });

  it('completes, with the feature raised and min.insync.replicas as it was', async () => {
    expect(look.ending).toMatchObject({ outcome: 'completed' });
    expect(await running(stage)).toEqual(Array.from({ length: 6 }, () => '4.1.2 4.1-IV1'));
    expect(await tool(stage.lab, 'kafka-features.sh describe')).toMatch(
      new RegExp(`Feature: ${elr}.*FinalizedVersionLevel: 1`),
    );
    expect(await effectiveMinIsr(stage.lab, 'plain')).toBe('2');
  });

  it('has a quorum whose voters can be changed, the same ones', async () => {
    expect(await tool(stage.lab, 'kafka-features.sh describe')).toMatch(
      /Feature: kraft.version.*FinalizedVersionLevel: 1/,
    );
    const status = await tool(stage.lab, 'kafka-metadata-quorum.sh describe --status');
    // Named with their directories: static voters have none.
    expect(status).toMatch(/CurrentVoters: .*"id": 101, "directoryId": "[\w-]{22}"/);
    expect(status.match(/"id": 10\d, "directoryId"/g)?.length).toBeGreaterThanOrEqual(3);
  });

  it('loses no acknowledged record', async () => {
    expect(await stage.traffic.finish()).toMatchObject({ lost: 0, duplicated: 0 });
  });
});
