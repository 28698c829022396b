/**
 * S10: clients of several versions against a cluster that is old, mixed, new, and new with its features raised, in both
 * directions: old clients on new brokers, new clients on old brokers. Prints the table.
 */
import { labUp } from '../../../src/lab/lab';
import type { Lab, LabHost } from '../../../src/lab/lab';
import { awaitRegistered, serviceProcess, startNode } from '../../../src/lab/kafka-service';
import { javaHome } from '../../../src/lab/lab-start';
import { until } from '../../../src/lab/until';
import { columns } from '../../../src/render/columns';
import { exchange } from '../support/client-exchange';

jest.setTimeout(12 * 60_000);

const [from, to] = ['3.9.2', '4.3.0'];
const clients = ['Java 2.8.2', 'Java 3.3.2', `Java ${from}`, `Java ${to}`, 'kafkajs'];
const states = [`all ${from}`, 'mixed', `all ${to}`, `${to} finalized`];

/** Puts the new release onto one node by hand, as an operator without this product would. */
const switchNode = async (lab: Lab, host: LabHost): Promise<void> => {
  await lab.exec(host.name, '/opt/kafka/bin/kafka-server-stop.sh');
  await until(() => (serviceProcess(host) === null ? true : null), { what: `stop of ${host.name}`, timeoutMs: 60_000 });
  await lab.exec(host.name, `ln -sfn /opt/kafka-releases/kafka_2.13-${to} /opt/kafka`);
  await startNode(host, { ssh: lab.ssh, javaHome: javaHome(), release: to });
  await awaitRegistered(lab.brokers);
};

const finalize = async (lab: Lab): Promise<void> => {
  const command = `/opt/kafka/bin/kafka-features.sh --bootstrap-server ${lab.bootstrap} upgrade`;
  const features = ['metadata.version=30', 'transaction.version=2', 'group.version=1', 'share.version=1'];
  for (const feature of features) {
    const { stdout, stderr } = await lab.exec('broker-1', `${command} --feature ${feature}`);
    expect(stdout + stderr).toContain('was upgraded');
  }
};

describe('clients of several versions', () => {
  let lab: Lab;
  const table = new Map<string, string>();

  const fill = async (state: string): Promise<void> => {
    for (const client of clients) table.set(`${client} ${state}`, await exchange(lab, client, state));
  };

  beforeAll(async () => {
    lab = await labUp({ mode: 'kraft', release: from, stagedReleases: [to] });
    const [old = '', mixed = '', fresh = '', finalized = ''] = states;
    const [first, ...others] = lab.brokers;
    if (first === undefined) throw new Error('the lab has no broker');
    await fill(old);
    await switchNode(lab, first);
    await fill(mixed);
    for (const host of others) await switchNode(lab, host);
    await fill(fresh);
    await finalize(lab);
    await fill(finalized);
  });

  afterAll(async () => {
    const rows = clients.map((client) => [client, ...states.map((state) => table.get(`${client} ${state}`) ?? '')]);
    process.stdout.write(`\n${columns([['client', ...states], ...rows]).join('\n')}\n\n`);
    await lab.down();
  });

  it.each(states.flatMap((state) => clients.map((client) => [client, state])))(
    '%s writes and reads on a cluster that is %s',
    (client, state) => {
      expect(table.get(`${client} ${state}`)).toBe('ok');
    },
  );
});
