import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { until } from './until';

/** A process for sure: its pid and when it started (clock ticks since boot), since pids are used again. */
export interface ProcessIdentity {
  pid: number;
  startTicks: number;
}

/** A process seen from outside its namespace. */
export interface NamespaceProcess extends ProcessIdentity {
  arguments: string[];
  residentBytes: number;
}

// Everything after the command name, which is in brackets and may itself hold spaces and brackets.
const FIRST_FIELD_AFTER_NAME = 3;
const START_TIME_FIELD = 22;
const RESIDENT_PAGES_FIELD = 24;
// x86-64's page size, and that of Debian's arm64 kernel; it is only used to show memory.
const PAGE_BYTES = 4096;

/** Who a pid is right now; null when there is no such process or it is a zombie. */
export function identify(pid: number): ProcessIdentity | null {
  const fields = statFields(pid);
  return fields === null ? null : { pid, startTicks: Number(fields[START_TIME_FIELD - FIRST_FIELD_AFTER_NAME]) };
}

/** Whether exactly this process still runs. */
export function isRunning(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.startTicks === identity.startTicks;
}

/** Sends a signal if exactly this process still runs; tells whether it did. */
export function sendSignal(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isRunning(identity)) return false;
  try {
    return process.kill(identity.pid, signal);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

/** Waits until none of the processes runs; false when some still do at the time limit. */
export async function awaitGone(identities: ProcessIdentity[], timeoutMs: number): Promise<boolean> {
  try {
    await until(() => (identities.some(isRunning) ? null : true), { what: 'the end of processes', timeoutMs });
    return true;
  } catch {
    return false;
  }
}

/** All processes in the same PID namespace as `initPid`, as seen from outside. */
export function processesInNamespaceOf(initPid: number): NamespaceProcess[] {
  const namespace = readOrNull(() => readlinkSync(`/proc/${String(initPid)}/ns/pid`));
  if (namespace === null) return [];
  const found: NamespaceProcess[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name) || readOrNull(() => readlinkSync(`/proc/${name}/ns/pid`)) !== namespace) continue;
    const described = describe(Number(name));
    if (described !== null) found.push(described);
  }
  return found;
}

function describe(pid: number): NamespaceProcess | null {
  const fields = statFields(pid);
  const commandLine = readOrNull(() => readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8'));
  if (fields === null || commandLine === null) return null;
  return {
    pid,
    startTicks: Number(fields[START_TIME_FIELD - FIRST_FIELD_AFTER_NAME]),
    arguments: commandLine.split('\0').slice(0, -1),
    residentBytes: Number(fields[RESIDENT_PAGES_FIELD - FIRST_FIELD_AFTER_NAME]) * PAGE_BYTES,
  };
}

function statFields(pid: number): string[] | null {
  const stat = readOrNull(() => readFileSync(`/proc/${String(pid)}/stat`, 'utf8'));
  if (stat === null) return null;
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .trimEnd()
    .split(' ');
  const state = fields[0];
  return state === 'Z' || state === 'X' ? null : fields;
}

function readOrNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
