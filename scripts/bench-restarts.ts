/**
 * What does the product itself add to a restart? A real upgrade of three idle brokers with 60 partitions, seen from outside:
 * from the end of a process to the next one, and from the moment in which every broker says that everything is in sync to the
 * next stop. What is between the two is Kafka's own. Restarts that a person is asked about afterwards are left out.
 */
import { yesToAll } from '../src/demo/answers';
import { prepareMachine } from '../src/demo/prepare';
import { runUpgrade } from '../src/demo/run-upgrade';
import { openStage } from '../src/demo/stage';
import { columns } from '../src/render/columns';
import { silentTerminal } from '../src/terminal/silent-terminal';
import { RestartClock } from './bench/restart-clock';
import type { TimedRestart } from './bench/restart-clock';

const [from, to] = ['3.7.2', '3.8.1'];

const seconds = (from: number | null, to: number | null): number | null =>
  from === null || to === null ? null : (to - from) / 1_000;

const words = (value: number | null): string => (value === null ? '–' : `${value.toFixed(2)} s`);

/** After the canary and after the last of a phase something else comes than the next restart. */
const rowOf = (restart: TimedRestart, index: number, all: readonly TimedRestart[]): string[] => {
  const next = index % 3 === 2 || index === 0 ? undefined : all[index + 1];
  const [gap, after] = [seconds(restart.goneMs, restart.startedMs), seconds(restart.wholeMs, next?.askedMs ?? null)];
  return [
    index < 3 ? 'binaries' : 'protocol',
    restart.host,
    words(seconds(restart.askedMs, restart.goneMs)),
    words(gap),
    words(seconds(restart.startedMs, restart.wholeMs)),
    words(after),
    words(gap === null || after === null ? null : gap + after),
  ];
};

const main = async (): Promise<void> => {
  const log = (): void => undefined;
  await prepareMachine({ releases: [from, to], log });
  const stage = await openStage({ mode: 'zookeeper', from, to, brokers: 3, controllers: 3, keep: false, log });
  try {
    await stage.traffic.finish();
    const clock = new RestartClock(stage.lab.hosts);
    const answerer = (client: typeof stage.client): ReturnType<typeof yesToAll> => yesToAll(client, () => undefined);
    await runUpgrade({ stage, to, terminal: silentTerminal, answerer });
    await clock.stop();
    const head = ['', '', 'stop', 'down until started', 'boot, in sync', 'until the next stop', 'ours'];
    process.stdout.write(`${columns([head, ...clock.restarts.map(rowOf)]).join('\n')}\n`);
  } finally {
    await stage.close();
  }
};

void main();
