import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { labEnvironment } from '../run-command';
import { until } from '../until';

/** `drop`: packets vanish, as with a dead machine or cable; `refuse`: connections are reset, as with dead services. */
export type CutOffKind = 'drop' | 'refuse';

/** Connections from and to some hosts of a lab that are cut; `restore` may be called again. */
export interface CutOff {
  restore(): Promise<void>;
}

const takesEffectMs = 10_000;

/** The resets themselves come from the host that is cut off: they have to pass. */
const before: Record<CutOffKind, string> = { drop: '', refuse: 'tcp flags & rst == rst accept;' };
const verdict: Record<CutOffKind, string> = { drop: 'drop', refuse: 'meta l4proto tcp reject with tcp reset' };

/**
 * `flags owner`: the kernel removes the table when the program that made it ends, however that happens. Rules are for
 * what arrives: a sender must not learn from its own kernel that its packets are lost.
 */
const rules = (table: string, addresses: readonly string[], kind: CutOffKind): string => {
  const set = `{ ${addresses.join(', ')} }`;
  const chain = ['daddr', 'saddr'].map((end) => `ip ${end} ${set} ${verdict[kind]};`).join(' ');
  const hook = 'type filter hook input priority 0; policy accept;';
  return `table ip ${table} { flags owner; chain in { ${hook} ${before[kind]} ${chain} }; }\n`;
};

/** Whether a connection to the address ends other than by being accepted. */
const isCut = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 200 });
    const settle = (answer: boolean) => (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', settle(false));
    socket.once('error', settle(true));
    socket.once('timeout', settle(true));
  });

const assertOfALab = (addresses: readonly string[]): void => {
  const foreign = addresses.filter((address) => !/^127\.\d+\.0\.\d+$/.test(address) || address.startsWith('127.0.'));
  if (foreign.length > 0) throw new Error(`Only hosts of a lab are cut off, not ${foreign.join(', ')}.`);
};

/**
 * Cuts hosts of a lab off from everything that connects to them, by the machine's packet filter (`nft`, as root). What
 * their own processes connect to elsewhere stays: all hosts share one loopback interface, whose address those have.
 * Resolves when the cut has taken effect on `probePort` of every address.
 */
export const cutOff = async (addresses: readonly string[], kind: CutOffKind, probePort: number): Promise<CutOff> => {
  assertOfALab(addresses);
  const table = `kafka_lab_${process.pid}_${addresses.join('_').replaceAll('.', '_')}`;
  // It dies with this process, and the table with it.
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'nft', '-i'], {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: labEnvironment(),
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(child, 'exit');
  await once(child, 'spawn');
  child.stdin.write(rules(table, addresses, kind));
  const restore = async (): Promise<void> => {
    child.stdin.end();
    child.kill('SIGKILL');
    await ended;
  };
  try {
    await until(
      async () => {
        if (child.exitCode !== null) throw new Error(`nft ended: ${said}`);
        const cut = await Promise.all(addresses.map((address) => isCut(address, probePort)));
        return cut.every(Boolean) ? true : null;
      },
      { what: `cutting off ${addresses.join(', ')} (${said})`, timeoutMs: takesEffectMs, everyMs: 10 },
    );
  } catch (error) {
    await restore();
    throw error;
  }
  return { restore };
};
