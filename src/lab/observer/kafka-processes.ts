import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A Kafka process of one host, as the machine around the lab sees it. */
export interface SeenProcess {
  pid: number;
  /** Clock ticks since boot: a pid alone may be used again. */
  startTicks: number;
}

/** The host's name and the namespace init that tells which processes are its own. */
interface WatchedHost {
  name: string;
  pid: number;
}

const KAFKA_CLASS = 'kafka.Kafka';
const FIRST_FIELD_AFTER_NAME = 3;
const START_TIME_FIELD = 22;

const read = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
};

const namespaceOf = (pid: number | string): string | null => {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return null;
  }
};

/** Start time of a process; null when there is none, or only a zombie is left: that one holds neither files nor ports. */
const startOf = (pid: string): number | null => {
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  const [state] = fields;
  if (state === undefined || state === '' || 'ZX'.includes(state)) return null;
  return Number(fields[START_TIME_FIELD - FIRST_FIELD_AFTER_NAME]);
};

/** The JVM itself, not the shell that becomes it: both have the class among their words. */
const isKafka = (pid: string): boolean => {
  const [program = '', ...words] = read(`/proc/${pid}/cmdline`)?.split('\0') ?? [];
  return /(^|\/)java$/.test(program) && words.includes(KAFKA_CLASS);
};

/**
 * Which Kafka processes does each host of a lab have right now? Reads `/proc` of the machine around the lab and nothing
 * else: no shell, no SSH, and nothing that the product says. What a process belongs to is looked up once in its life, so
 * that a look costs a millisecond or two.
 */
export class KafkaProcesses {
  private readonly hostOf: ReadonlyMap<string, string>;
  /** Name of the host that a process belongs to; null for processes of the machine around the lab. */
  private known = new Map<string, string | null>();

  constructor(private readonly hosts: readonly WatchedHost[]) {
    this.hostOf = new Map(hosts.map(({ name, pid }) => [namespaceOf(pid) ?? `gone: ${name}`, name]));
  }

  /** The processes by name of the host, an empty list where there is none. */
  look(): Map<string, SeenProcess[]> {
    const found = new Map<string, SeenProcess[]>(this.hosts.map(({ name }) => [name, []]));
    for (const [pid, host] of this.belonging()) {
      if (host === null || !isKafka(pid)) continue;
      const startTicks = startOf(pid);
      if (startTicks !== null) found.get(host)?.push({ pid: Number(pid), startTicks });
    }
    return found;
  }

  private belonging(): Map<string, string | null> {
    const now = new Map<string, string | null>();
    for (const pid of readdirSync('/proc')) {
      if (!/^\d+$/.test(pid)) continue;
      const host = this.known.get(pid);
      now.set(pid, host === undefined ? (this.hostOf.get(namespaceOf(pid) ?? '') ?? null) : host);
    }
    this.known = now;
    return now;
  }
}
