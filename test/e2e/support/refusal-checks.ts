/** What every refusal has in common: its type, one clear line, and brokers that nobody touched. */
import { ClientError } from '../../../src/client/client-error';
import type { UpgradeClient } from '../../../src/client/upgrade-client';
import type { UpgradeEvent } from '../../../src/domain/upgrade/upgrade-state';
import type { CommandResult } from '../../../src/lab/lab';
import { until } from '../../support/until';
import { lookIfAnswered } from './follow';
import { TARGET } from './refusal-stage';
import type { RefusalStage } from './refusal-stage';

/** A step on a busy machine (ms). */
const patienceMs = 120_000;

/** Runs something and checks that it changed neither a broker nor anything that this product keeps on the hosts. */
export const expectUntouched = async <T>(stage: RefusalStage, body: () => Promise<T>): Promise<T> => {
  const seen = (): unknown => ({ brokers: stage.footprint(), state: stage.stateFiles(), leases: stage.leases() });
  const before = seen();
  const result = await body();
  expect(seen()).toEqual(before);
  return result;
};

/** The lines that tell an operator how an upgrade failed: exactly one is wanted. */
const failedLines = ({ stdout }: CommandResult): string[] =>
  stdout.split('\n').filter((line) => /^\S+ {2}failed: /.test(line));

/** Starts an upgrade that must be refused, as an operator does; the one line must hold every word. */
export const expectRefused = (
  stage: RefusalStage,
  start: { cluster: string; target: string },
  wanted: { type: string; says: string[] },
): Promise<void> =>
  expectUntouched(stage, async () => {
    const run = await stage.upgrade('start', start.cluster, start.target, '--wait');
    const { type } = await stage.failureOf(start.cluster);
    expect({ type, exitCode: run.exitCode, lines: failedLines(run) }).toEqual({
      type: wanted.type,
      exitCode: 1,
      lines: [expect.any(String)],
    });
    for (const words of wanted.says) expect(failedLines(run)[0]).toContain(words);
  });

/** A command that must print one error, then what to do next, and nothing else. */
export const expectError = (run: CommandResult, wanted: { exitCode: number; says: string; hint: string }): void => {
  const [first, ...more] = run.stderr.trim().split('\n');
  expect({ exitCode: run.exitCode, first, more: more.join('\n') }).toEqual({
    exitCode: wanted.exitCode,
    first: expect.stringContaining(wanted.says),
    more: expect.stringContaining(wanted.hint),
  });
  expect(first).toMatch(/^error: /);
};

/** Waits until the upgrade waits for the approval of its plan. */
const atGatePlan = (client: UpgradeClient): Promise<unknown> =>
  until(
    `${client.workflowId} at gate plan`,
    async () => {
      const look = await lookIfAnswered(client);
      if (look?.ending) throw new Error(`It has ended: ${look.ending.message}`);
      return look?.status.waitingFor?.gate === 'plan';
    },
    patienceMs,
  );

/** One that has ended meanwhile takes no message, which is as good. */
const endIfRunning = async (client: UpgradeClient): Promise<void> => {
  try {
    await client.send('abort', { comment: 'the test is over' });
    await client.result();
  } catch (error) {
    if (!(error instanceof ClientError && error.kind === 'not-found')) throw error;
  }
};

/** Lets an upgrade wait at gate plan while `body` runs, and ends it if that has not. */
export const whileWaiting = async (
  stage: RefusalStage,
  start: { cluster: string; takeOver?: boolean },
  body: (client: UpgradeClient) => Promise<void>,
): Promise<void> => {
  const { cluster, ...flags } = start;
  const client = stage.client(cluster);
  await client.start({ target: TARGET, ...flags });
  try {
    await atGatePlan(client);
    await body(client);
  } finally {
    await endIfRunning(client);
  }
};

/** The messages that an upgrade received: `pause accepted`, `retry refused: <why>`. */
export const messagesOf = (timeline: UpgradeEvent[]): string[] =>
  timeline.flatMap((event) =>
    event.type === 'message' ? [`${event.kind} ${event.accepted ? 'accepted' : `refused: ${event.answer}`}`] : [],
  );

/** The complete answer to gate plan, as the upgrade itself shows it. */
export const planAnswer = async (client: UpgradeClient): Promise<Record<string, unknown>> => {
  const { waitingFor } = await client.status();
  // as: the upgrade shows JSON that is an object.
  const answer = JSON.parse(waitingFor?.answers[0]?.payload ?? '{}') as Record<string, unknown>;
  return { ...answer, disasterRecovery: 'confirmed by the tests' };
};

/** Approves the plan as an operator without a terminal does. */
export const approvePlan = (stage: RefusalStage, cluster: string): Promise<CommandResult> =>
  stage.upgrade('approve', cluster, '--gate', 'plan', '--yes', '--disaster-recovery', 'by kim');
