#!/usr/bin/env node
/** `npm run demo`: a real cluster is upgraded in two phases under live traffic, and everything is put away again. */
import { writeFile } from 'node:fs/promises';
import { CommanderError } from 'commander';
import { ClientError } from '../client/client-error';
import type { UpgradeClient, UpgradeLook } from '../client/upgrade-client';
import { processTerminal } from '../terminal/terminal';
import type { Terminal } from '../terminal/terminal';
import { answeredElsewhere, askAtTerminal, yesToAll } from './answers';
import type { Answerer } from './answers';
import { demoResult, succeeded } from './demo-result';
import type { DemoResult } from './demo-result';
import { parseDemoOptions } from './demo-options';
import type { DemoOptions } from './demo-options';
import { prepareMachine } from './prepare';
import { runUpgrade, stageCommands } from './run-upgrade';
import { runSeedCommands } from './seed-commands';
import { openStage } from './stage';
import type { Stage } from './stage';
import { summaryView } from './summary-view';
import { messageOf } from '../domain/common/message-of';

/** 128 + the number of the signal, as shells do. */
const interruptCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

class Interrupted extends Error {
  constructor(readonly exitCode: number) {
    super('interrupted');
  }
}

const onInterrupt = (terminal: Terminal): AbortSignal => {
  const stop = new AbortController();
  // A terminal that was closed takes no more output; that must not stop the stopping.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      terminal.out(stop.signal.aborted ? 'Stopping already; a moment.' : '\nInterrupted: stopping everything.');
      stop.abort(new Interrupted(interruptCodes[signal]));
    });
  }
  return stop.signal;
};

const answererOf =
  (options: DemoOptions, terminal: Terminal, log: (line: string) => void) =>
  (client: UpgradeClient): Answerer => {
    if (options.yes) return yesToAll(client, log);
    return terminal.interactive ? askAtTerminal(client, terminal) : answeredElsewhere;
  };

const measure = async (
  stage: Stage,
  run: { options: DemoOptions; look: UpgradeLook; upgradeSeconds: number; log: (line: string) => void },
): Promise<DemoResult> => {
  const { options, look, upgradeSeconds, log } = run;
  if (look.ending === null) throw new Error('The upgrade has not ended.');
  log('closing the books of the traffic');
  const ledger = await stage.traffic.finish();
  log('asking the brokers, and running the checks of the procedure on a broker host');
  const after = await stage.facts();
  const commands = await runSeedCommands(stage.lab);
  const { from, to, mode } = options;
  return demoResult({
    asked: { from, to, mode },
    look: { ...look, ending: look.ending },
    upgradeSeconds,
    ledger,
    before: stage.before,
    after,
    commands,
  });
};

const sayKept = async (stage: Stage, terminal: Terminal): Promise<void> => {
  const stopping = await stage.leave();
  const { program, address } = stageCommands(stage);
  terminal.out(
    [
      '',
      'Everything but the traffic still runs. Look at it:',
      `  ${program} timeline ${stage.cluster} --address ${address ?? ''}`,
      ...(stage.client.webPage === null ? [] : [`  ${stage.client.webPage}`]),
      'Stop it:',
      ...stopping.map((line) => `  ${line}`),
    ].join('\n'),
  );
};

const perform = async (options: DemoOptions, terminal: Terminal, signal: AbortSignal): Promise<DemoResult> => {
  const { style } = terminal.view;
  const log = (line: string): void => terminal.out(style.quiet(`  ${line}`));
  terminal.out(
    `${style.strong('A real Kafka cluster, upgraded under live traffic')}: ${options.from} → ${options.to}, ${options.brokers} brokers, ${options.mode} mode`,
  );
  await prepareMachine({ releases: [options.from, options.to], log });
  signal.throwIfAborted();
  const stage = await openStage({ ...options, log, signal });
  let keepFiles = false;
  let kept = false;
  try {
    const startedMs = performance.now();
    const look = await runUpgrade({
      stage,
      to: options.to,
      terminal,
      answerer: answererOf(options, terminal, log),
      signal,
    });
    const upgradeSeconds = Math.round((performance.now() - startedMs) / 100) / 10;
    const result = await measure(stage, { options, look, upgradeSeconds, log });
    terminal.out(summaryView(result, style));
    if (options.keep) await sayKept(stage, terminal);
    kept = options.keep;
    keepFiles = !succeeded(result);
    return result;
  } catch (error) {
    keepFiles = !signal.aborted;
    throw error;
  } finally {
    if (!kept) await stage.close({ keepFiles });
    if (keepFiles) terminal.out(`The logs of everything are kept in ${stage.directory}.`);
  }
};

const failureWords = (error: unknown): string => {
  const message = messageOf(error);
  return error instanceof ClientError && error.hint !== '' ? `${message}\n${error.hint}` : message;
};

const saveJson = async (file: string | null, value: unknown): Promise<void> => {
  if (file !== null) await writeFile(file, `${JSON.stringify(value, null, 2)}\n`);
};

const demo = async (argv: string[]): Promise<number> => {
  const options = parseDemoOptions(argv);
  const terminal = processTerminal();
  const signal = onInterrupt(terminal);
  const { from, to, mode, json } = options;
  try {
    const result = await perform(options, terminal, signal);
    await saveJson(json, result);
    return succeeded(result) ? 0 : 1;
  } catch (error) {
    const interrupted: unknown = signal.aborted ? signal.reason : null;
    const message = interrupted === null ? failureWords(error) : 'interrupted';
    if (interrupted === null) terminal.err(`error: ${message}`);
    await saveJson(json, { outcome: 'failed', message, from, to, mode });
    return interrupted instanceof Interrupted ? interrupted.exitCode : 1;
  }
};

demo(process.argv.slice(2)).then(
  (exitCode) => process.exit(exitCode),
  (error: unknown) => {
    if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : 2);
    process.stderr.write(`error: ${failureWords(error)}\n`);
    process.exit(1);
  },
);
