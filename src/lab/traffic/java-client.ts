import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { javaHome } from '../lab-start';
import { awaitGone, identify, isRunning, sendSignal } from '../process-identity';
import { labEnvironment } from '../run-command';

/** A Java client to start from a release's own libraries. */
export interface JavaClientInput {
  releaseDirectory: string;
  mainClass: string;
  arguments: string[];
  /** Where its standard error goes. */
  errorFile: string;
  onLine: (line: string) => void;
}

/** A running Java client. */
export interface JavaClient {
  readonly pid: number;
  /** Whether it still runs. */
  isRunning(): boolean;
  /** Asks it to close cleanly; ends it by force after the limit. Resolves when its last line has been handed on. */
  stop(limitMs: number): Promise<void>;
  /** The end of what it wrote to standard error. */
  errorTail(): string;
}

// Small and plain: the load is hundreds of small records a second, and the brokers need the two cores more.
const JVM_OPTIONS = ['-Xmx128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

/**
 * Starts a Java client that dies with this process (parent-death signal), so that a crashed starter leaves none behind.
 * It is not in this process's group: Ctrl-C on the terminal must reach the starter only, which stops it in order.
 */
export function startJavaClient(input: JavaClientInput): JavaClient {
  const errors = openSync(input.errorFile, 'a');
  const logging = join(input.releaseDirectory, 'config/tools-log4j');
  const java = [
    ...JVM_OPTIONS,
    `-Dlog4j.configuration=file:${logging}.properties`,
    `-Dlog4j2.configurationFile=file:${logging}2.yaml`,
    '-cp',
    join(input.releaseDirectory, 'libs/*'),
    input.mainClass,
    ...input.arguments,
  ];
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', join(javaHome(), 'bin/java'), ...java], {
    detached: true,
    stdio: ['ignore', 'pipe', errors],
    env: labEnvironment(),
  });
  closeSync(errors);
  const identity = child.pid === undefined ? null : identify(child.pid);
  if (identity === null) throw new Error(`${input.mainClass} could not be started; see ${input.errorFile}`);
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  if (child.stdout !== null) createInterface({ input: child.stdout }).on('line', input.onLine);
  return {
    pid: identity.pid,
    isRunning: () => isRunning(identity),
    errorTail: () => readFileSync(input.errorFile, 'utf8').trim().slice(-1000),
    stop: async (limitMs) => {
      sendSignal(identity, 'SIGTERM');
      if (!(await awaitGone([identity], limitMs))) sendSignal(identity, 'SIGKILL');
      await closed;
    },
  };
}
