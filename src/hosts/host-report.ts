import type { ZooKeeperServer } from '../domain/checks/risk-facts';
import type { ZooKeeperAddress } from '../domain/checks/zookeeper';
import type { BrokerProcess, HostClock, HostFacts, HostLease, HostLeases } from '../domain/cluster/cluster';
import { UpgradeError } from '../domain/common/failure';
import { decodeLease } from '../domain/cluster/lease';
import type { FoundRelease } from '../domain/cluster/release';
import type { DiskSpace } from '../domain/checks/risk-facts';
import type { RestartState, StopTrace } from './broker-host';
import { missingFact } from './fenced-command';
import { decodeProperties, propertiesSha256 } from './properties-bytes';
import { decodeFact } from './remote-script';
import { parseRestartRecord } from './restart-record-text';

type Facts = Map<string, string>;

/** A process in its written form, `PID:TICKS`; null for anything else. */
const parseProcess = (entry: string | undefined): BrokerProcess | null => {
  const [pid, startTicks] = (entry ?? '').split(':').map(Number);
  return pid === undefined || startTicks === undefined ? null : { pid, startTicks };
};

/** The broker process of a `brokers` report; null when none runs. Two for one file are an error: neither is "the" one. */
export const parseBrokers = (facts: Facts, address: string): BrokerProcess | null => {
  const found = (facts.get('brokers') ?? '').split(' ').filter((entry) => entry !== '');
  if (found.length > 1) {
    const message = `${address} runs ${found.length} brokers with the same server.properties (pid:start ${found.join(', ')}). Stop all but one of them.`;
    throw new UpgradeError('CommandFailed', message, { address, processes: found });
  }
  return parseProcess(found[0]);
};

/** The host's clock of a `clock=BOOT_ID CENTISECONDS` report. */
export const parseClock = (facts: Facts, address: string): HostClock => {
  const [bootId, centiseconds] = (facts.get('clock') ?? '').split(' ');
  if (!bootId || !centiseconds || !/^\d+$/.test(centiseconds)) throw missingFact(address, 'its clock');
  return { bootId, uptimeSeconds: Number(centiseconds) / 100 };
};

/** The figure in `java -version`, for example `17.0.15` or `1.8.0_402`; JVMs may print notes before it. */
export const parseJavaVersion = (output: string | null): string | null =>
  /\bversion "([^"]+)"/.exec(output ?? '')?.[1] ?? null;

/** The properties file of a report, byte for byte. */
export const parseProperties = (facts: Facts, address: string): { text: string; sha256: string } => {
  const encoded = facts.get('properties');
  if (encoded === undefined) throw missingFact(address, 'its server.properties');
  const text = decodeProperties(encoded);
  return { text, sha256: propertiesSha256(text) };
};

/** The definition's own lease of a report; null when none is stored. A file that is no lease is `LeaseUnreadable`: nobody may act on it. */
export const parseLease = (facts: Facts, address: string): HostLease | null => {
  const text = decodeFact(facts, 'lease');
  if (text === null) return null;
  const lease = decodeLease(text);
  if (lease !== null) return lease;
  const message = `The file \`lease\` below \`paths.state\` on ${address} cannot be understood.`;
  throw new UpgradeError('LeaseUnreadable', message, { address });
};

/** The leases of a report. A file of another definition that is no lease is nobody's: it cannot mean this cluster. */
export const parseLeases = (facts: Facts, address: string): HostLeases => ({
  own: parseLease(facts, address),
  others: [...facts].flatMap(([fact, value]) => {
    const [, encoded = '', name = ''] = (/^lease_\d+$/.test(fact) ? /^(\S*) (.+)$/.exec(value) : null) ?? [];
    const lease = decodeLease(Buffer.from(encoded, 'base64').toString('utf8'));
    return lease === null ? [] : [{ name, lease }];
  }),
});

/** When a look began and ended by our clock (s since the epoch). */
export interface LookTime {
  beganSeconds: number;
  endedSeconds: number;
}

/** How far a clock that was read in between is outside of the look; 0 when it may well be right. */
const clockSkew = (wallClock: number, { beganSeconds, endedSeconds }: LookTime): number => {
  if (wallClock < beganSeconds) return wallClock - beganSeconds;
  return wallClock > endedSeconds ? wallClock - endedSeconds : 0;
};

const unitSeconds: Record<string, number> = { us: 1e-6, ms: 1e-3, s: 1, min: 60, h: 3_600, d: 86_400, w: 604_800 };

/** Seconds of a time span as systemd prints it, for example `1min 30s`; null for `infinity` and what is none. */
export const parseTimeSpan = (text: string): number | null => {
  const parts = text
    .split(' ')
    .filter((part) => part !== '')
    .map((part) => {
      const [, figure, unit = ''] = /^([\d.]+)([a-z]+)$/.exec(part) ?? [];
      return Number(figure) * (unitSeconds[unit] ?? Number.NaN);
    });
  const seconds = parts.reduce((sum, part) => sum + part, 0);
  return parts.length === 0 || Number.isNaN(seconds) ? null : seconds;
};

/** The disk space of a report, in the order of the paths; what df could not tell is left out. */
export const parseDiskSpace = (facts: Facts, nodeId: number, paths: readonly string[]): DiskSpace[] =>
  paths.flatMap((path, index) => {
    const [total = Number.NaN, available = Number.NaN] = (facts.get(`disk_${index}`) ?? '').split(' ').map(Number);
    if (Number.isNaN(total) || Number.isNaN(available)) return [];
    return [{ nodeId, path, totalBytes: total * 1024, availableBytes: available * 1024 }];
  });

/** The versions of a report, in the order of the servers; null for a server that told none. */
export const parseZooKeeper = (facts: Facts, servers: readonly ZooKeeperAddress[]): ZooKeeperServer[] =>
  servers.map(({ host, port }, index) => {
    const version = facts.get(`zookeeper_${index}`) ?? '';
    return { server: `${host}:${port}`, version: version === '' ? null : version };
  });

const words = (facts: Facts, name: string): string[] =>
  (facts.get(name) ?? '').split(' ').filter((word) => word !== '');

/** The release that was looked for; null when there is no such directory. */
export const parseTargetRelease = (facts: Facts): FoundRelease => {
  const directory = facts.get('target_directory');
  return directory === undefined ? null : { directory, version: facts.get('target_version') ?? null };
};

/** The facts of one inspection. */
export const parseHostFacts = (
  facts: Facts,
  node: { nodeId: number; address: string; loggingFiles: string[]; look: LookTime },
): HostFacts => {
  const properties = parseProperties(facts, node.address);
  const hostname = facts.get('hostname');
  if (hostname === undefined) throw missingFact(node.address, 'its name');
  return {
    nodeId: node.nodeId,
    hostname,
    properties: properties.text,
    propertiesSha256: properties.sha256,
    currentRelease: facts.get('current') ?? null,
    installedVersion: facts.get('installed') ?? null,
    targetRelease: parseTargetRelease(facts),
    javaVersion: parseJavaVersion(decodeFact(facts, 'java')),
    process: parseBrokers(facts, node.address),
    missingFiles: node.loggingFiles.filter((_, index) => facts.get(`logging_${index}`) !== '1'),
    clockSkewSeconds: clockSkew(Number(facts.get('wall_clock')), node.look),
    stopTimeoutSeconds: parseTimeSpan(facts.get('stop_timeout') ?? ''),
    managers: [...words(facts, 'managers'), ...words(facts, 'schedules').map((entry) => entry.replace(':', ' in '))],
    leases: parseLeases(facts, node.address),
  };
};

/** Where a restart stands, of a `restartLookScript` report. */
export const parseRestartState = (facts: Facts, address: string): RestartState => {
  const exit = facts.get('start_exit');
  const starting = facts.get('starting') === '1';
  const printed = decodeFact(facts, 'start_log')?.trim() ?? '';
  const version = facts.get('version') ?? '';
  return {
    process: parseBrokers(facts, address),
    starting,
    record: parseRestartRecord(decodeFact(facts, 'record')),
    version: version === '' ? null : version,
    sha256: facts.get('sha256') ?? '',
    startFailure: exit === undefined || starting ? null : `the start command ended with ${exit}: ${printed}`,
  };
};

/** How a broker stopped, of an `awaitStopScript` report. */
export const parseStopTrace = (facts: Facts, logDirectories: readonly string[]): StopTrace => {
  const stopMs = facts.get('stop_ms');
  return {
    gone: facts.get('gone') === '1',
    stopMs: stopMs === undefined ? null : Number(stopMs),
    cleanShutdownMarkers: logDirectories.map((directory, index) => ({
      directory,
      present: facts.get(`marker_${index}`) === '1',
    })),
    logTail: decodeFact(facts, 'log') ?? '',
  };
};
