import type { BrokerProcess, HostClock, HostFacts, HostLease } from '../domain/cluster';
import { UpgradeError } from '../domain/failure';
import { decodeLease } from '../domain/lease';
import { missingFact } from './fenced-command';
import { decodeProperties, propertiesSha256 } from './properties-bytes';
import { decodeFact } from './remote-script';

type Facts = Map<string, string>;

/** The broker process of a `brokers` report; null when none runs. Two for one file are an error: neither is "the" one. */
export const parseBrokers = (facts: Facts, address: string): BrokerProcess | null => {
  const found = (facts.get('brokers') ?? '').split(' ').filter((entry) => entry !== '');
  if (found.length > 1) {
    const message = `${address} runs ${found.length} brokers with the same server.properties (pid:start ${found.join(', ')}). Stop all but one of them.`;
    throw new UpgradeError('CommandFailed', message, { address, processes: found });
  }
  const [pid, startTicks] = (found[0] ?? '').split(':').map(Number);
  if (pid === undefined || startTicks === undefined) return null;
  return { pid, startTicks };
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

/** The lease of a report; null when none is stored. A file that is no lease is `LeaseHeld`: nobody may act on it. */
export const parseLease = (facts: Facts, address: string): HostLease | null => {
  const text = decodeFact(facts, 'lease');
  if (text === null) return null;
  const lease = decodeLease(text);
  if (lease !== null) return lease;
  const message = `The lease file on ${address} cannot be understood. Make sure that no upgrade runs on this cluster, then remove the file \`lease\` in \`paths.state\`.`;
  throw new UpgradeError('LeaseHeld', message, { address, text: text.slice(0, 1000) });
};

/** The facts of one inspection. */
export const parseHostFacts = (
  facts: Facts,
  node: { nodeId: number; address: string; loggingFiles: string[] },
): HostFacts => {
  const properties = parseProperties(facts, node.address);
  const hostname = facts.get('hostname');
  if (hostname === undefined) throw missingFact(node.address, 'its name');
  const directory = facts.get('target_directory');
  return {
    nodeId: node.nodeId,
    hostname,
    properties: properties.text,
    propertiesSha256: properties.sha256,
    currentRelease: facts.get('current') ?? null,
    installedVersion: facts.get('installed') ?? null,
    targetRelease: directory === undefined ? null : { directory, version: facts.get('target_version') ?? null },
    javaVersion: parseJavaVersion(decodeFact(facts, 'java')),
    process: parseBrokers(facts, node.address),
    missingFiles: node.loggingFiles.filter((_, index) => facts.get(`logging_${index}`) !== '1'),
    wallClockSeconds: Number(facts.get('wall_clock')),
    lease: parseLease(facts, node.address),
  };
};
