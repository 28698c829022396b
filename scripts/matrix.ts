/**
 * `npm run test:matrix`: every upgrade of the matrix, one after the other, each on a real cluster under live traffic; ends
 * with a table. Words after `--` choose legs: `npm run test:matrix -- kraft 4.3` runs those whose name has both.
 */
import { yesToAll } from '../src/demo/answers';
import { demoResult, succeeded } from '../src/demo/demo-result';
import type { DemoResult } from '../src/demo/demo-result';
import { prepareMachine } from '../src/demo/prepare';
import { runUpgrade } from '../src/demo/run-upgrade';
import { openStage } from '../src/demo/stage';
import { messageOf } from '../src/domain/common/message-of';
import { columns } from '../src/render/columns';
import { silentTerminal } from '../src/terminal/silent-terminal';
import { legName, matrix } from './matrix/legs';
import type { Leg } from './matrix/legs';

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const runLeg = async ({ mode, from, to }: Leg): Promise<DemoResult> => {
  const log = (): void => undefined;
  await prepareMachine({ releases: [from, to], log });
  const stage = await openStage({ mode, from, to, brokers: 3, controllers: 3, keep: false, log });
  try {
    const began = performance.now();
    const answerer = (client: Parameters<typeof yesToAll>[0]): ReturnType<typeof yesToAll> => yesToAll(client, log);
    const look = await runUpgrade({ stage, to, terminal: silentTerminal, answerer });
    const upgradeSeconds = Math.round((performance.now() - began) / 1_000);
    if (look.ending === null) throw new Error('the upgrade has not ended');
    const ledger = await stage.traffic.finish();
    const after = await stage.facts();
    const asked = { mode, from, to };
    const { before } = stage;
    return demoResult({
      asked,
      look: { ...look, ending: look.ending },
      upgradeSeconds,
      ledger,
      before,
      after,
      commands: [],
    });
  } finally {
    await stage.close();
  }
};

const overhead = ({ overheadSecondsPerBroker: { binaries, protocol } }: DemoResult): string =>
  [binaries, protocol].map((seconds) => (seconds === null ? '–' : seconds.toFixed(2))).join(' / ');

const row = (leg: Leg, result: DemoResult | string): string[] => {
  if (typeof result === 'string') return ['✗', legName(leg), result];
  const { outcome, records, maxProduceGapMs, upgradeSeconds, brokers } = result;
  return [
    succeeded(result) ? '✓' : '✗',
    legName(leg),
    outcome,
    brokers[0] === undefined ? '' : `${brokers[0].before.protocol} → ${brokers[0].protocol}`,
    String(records.acknowledged),
    String(records.lost),
    String(records.duplicated),
    `${(maxProduceGapMs / 1_000).toFixed(1)} s`,
    `${upgradeSeconds} s`,
    overhead(result),
    ...(outcome === 'completed' ? [] : [result.message]),
  ];
};

const head = ['', 'upgrade', 'outcome', 'level', 'acked', 'lost', 'dup', 'gap', 'took', 'overhead/node (s)'];

const main = async (): Promise<void> => {
  const words = process.argv.slice(2);
  const chosen = matrix.filter((leg) => words.every((word) => legName(leg).includes(word)));
  const rows: string[][] = [];
  for (const leg of chosen) {
    const result = await runLeg(leg).catch((error: unknown) => messageOf(error));
    const cells = row(leg, result);
    rows.push(cells);
    say(cells.join('  '));
  }
  say('');
  for (const line of columns([head, ...rows])) say(line);
  const failed = rows.filter(([mark]) => mark !== '✓').length;
  say(`\n${rows.length - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && rows.length > 0 ? 0 : 1;
};

void main();
