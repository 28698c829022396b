import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import type { ProvisionLog } from './cache';
import { ensureTemporalCli } from './temporal-cli';
import { findProgram } from './toolchain';
import { messageOf } from '../../domain/common/message-of';
import { searchAttributes as productSearchAttributes } from '../../domain/upgrade/search-attributes';

/** What to start. A port of 0 means any free one. */
export interface TemporalServerOptions {
  ip: string;
  port: number;
  uiPort: number;
  /** SQLite file that keeps histories over restarts; without it they are gone with the server. */
  dbFile?: string;
  log: ProvisionLog;
  /** The server is to outlive this process and writes to this file; without it, it ends with this process. */
  outliveTo?: string;
  /** Server settings such as `history.transferProcessorMaxPollRPS`. */
  dynamicConfig?: Readonly<Record<string, string | number | boolean>>;
  /** Name to type; default: those of the product. */
  searchAttributes?: Readonly<Record<string, string>>;
}

/** A Temporal service that can be used. */
export interface TemporalEndpoint {
  address: string;
  namespace: string;
  /** `http://…` of the web UI when it is known. */
  uiAddress: string | undefined;
  /** Ends what was started here; nothing when the service belongs to somebody else. */
  stop: () => Promise<void>;
}

/** A development server that this process started; it ends with this process at the latest. */
export interface TemporalServer extends TemporalEndpoint {
  uiAddress: string;
  pid: number;
  /** Ends it without a warning, as a crash does. */
  kill: () => Promise<void>;
}

const namespace = 'default';
/** A cold start takes 2 to 5 s; a loaded machine needs more. */
const readyLimitMs = 90_000;
/** The server takes 8 s to stop by itself, idle or not (measured, 1.29.1). */
const stopLimitMs = 20_000;
const pollMs = 100;

/** The service at `TEMPORAL_ADDRESS` when that is set, else a development server of our own; the log says which. */
export async function acquireTemporal(options: TemporalServerOptions): Promise<TemporalEndpoint> {
  const address = process.env['TEMPORAL_ADDRESS'];
  if (address === undefined || address === '') return startTemporalServer(options);
  options.log(`Temporal: using ${address} (TEMPORAL_ADDRESS is set); no server is started`);
  return {
    address,
    namespace: process.env['TEMPORAL_NAMESPACE'] ?? namespace,
    uiAddress: process.env['TEMPORAL_UI_ADDRESS'],
    stop: () => Promise.resolve(),
  };
}

/** Starts `temporal server start-dev` and answers when its namespace can be used; its error holds the server's output. */
export async function startTemporalServer(options: TemporalServerOptions): Promise<TemporalServer> {
  const cli = await ensureTemporalCli({ log: options.log });
  const port = options.port === 0 ? await freePort(options.ip) : options.port;
  const uiPort = options.uiPort === 0 ? await freePort(options.ip) : options.uiPort;
  const address = `${options.ip}:${String(port)}`;
  const child = await launch(cli.path, serverArguments({ ...options, port, uiPort }), options.outliveTo);
  try {
    await untilReady(child, address);
  } catch (error) {
    await stopChild(child.process, 'SIGKILL');
    throw error;
  }
  const uiAddress = `http://${options.ip}:${String(uiPort)}`;
  options.log(`Temporal: server at ${address}, web UI at ${uiAddress} (${cli.source}: ${cli.path})`);
  // With its data in memory only there is nothing to be saved by waiting 8 s.
  const signal = options.dbFile === undefined ? 'SIGKILL' : 'SIGTERM';
  return {
    address,
    uiAddress,
    namespace,
    pid: child.pid,
    stop: () => stopChild(child.process, signal),
    kill: () => stopChild(child.process, 'SIGKILL'),
  };
}

/** The arguments of `temporal` for a development server with these options. */
export function serverArguments(options: Omit<TemporalServerOptions, 'log'>): string[] {
  const attributes = Object.entries(options.searchAttributes ?? productSearchAttributes);
  const settings = Object.entries(options.dynamicConfig ?? {});
  return [
    ...['server', 'start-dev', '--log-level', 'error'],
    ...['--ip', options.ip, '--port', String(options.port), '--ui-port', String(options.uiPort)],
    ...(options.dbFile === undefined ? [] : ['--db-filename', options.dbFile]),
    ...attributes.flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]),
    ...settings.flatMap(([key, value]) => ['--dynamic-config-value', `${key}=${JSON.stringify(value)}`]),
  ];
}

/** A port of that address that was free a moment ago. */
export async function freePort(ip: string): Promise<number> {
  const server = createServer().listen(0, ip);
  await once(server, 'listening');
  // A TCP server has an AddressInfo once it listens.
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

interface StartedServer {
  process: ChildProcess;
  pid: number;
  /** The end of what it printed. */
  output: () => string;
}

/** In a group of its own, so that Ctrl-C ends our work first; the kernel ends it when this process is killed. */
async function launch(temporal: string, args: string[], outliveTo: string | undefined): Promise<StartedServer> {
  if (outliveTo !== undefined) return launchOutliving(temporal, args, outliveTo);
  const setpriv = await findProgram('setpriv');
  const command = setpriv ?? temporal;
  const guard = setpriv === undefined ? [] : ['--pdeathsig', 'SIGTERM', temporal];
  const child = spawn(command, [...guard, ...args], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-4_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  await once(child, 'spawn');
  const { pid } = child;
  if (pid === undefined) throw new Error(`${temporal} could not be started`);
  return { process: child, pid, output: () => output.trim() };
}

async function launchOutliving(temporal: string, args: string[], logFile: string): Promise<StartedServer> {
  const log = openSync(logFile, 'a');
  const child = spawn(temporal, args, { stdio: ['ignore', log, log], detached: true });
  closeSync(log);
  await once(child, 'spawn');
  const { pid } = child;
  if (pid === undefined) throw new Error(`${temporal} could not be started`);
  return { process: child, pid, output: () => readFileSync(logFile, 'utf8').trim().slice(-4_000) };
}

async function untilReady(child: StartedServer, address: string): Promise<void> {
  const deadline = Date.now() + readyLimitMs;
  let last = 'no attempt yet';
  while (Date.now() < deadline) {
    if (hasEnded(child.process)) throw new Error(`The Temporal server ended while starting:\n${child.output()}`);
    try {
      await probe(address);
      return;
    } catch (error) {
      last = messageOf(error);
    }
    await delay(pollMs);
  }
  throw new Error(`The Temporal server at ${address} did not answer in time (${last}):\n${child.output()}`);
}

async function probe(address: string): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: '2s' });
  try {
    await connection.workflowService.describeNamespace({ namespace });
  } finally {
    await connection.close();
  }
}

async function stopChild(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  const force = setTimeout(() => child.kill('SIGKILL'), stopLimitMs);
  await ended;
  clearTimeout(force);
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
