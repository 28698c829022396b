import { SshBrokerHost } from '../../src/hosts/ssh-broker-host';
import type { BrokerProcess, HostLease } from '../../src/domain/cluster/cluster';
import { UpgradeError } from '../../src/domain/common/failure';
import type { HostSession } from '../../src/ssh/host-session';
import { SessionPool } from '../../src/ssh/session-pool';
import type { SshTarget } from '../../src/ssh/ssh2-connection';
import { leaseOf, makeFakeKafkaHost, type FakeKafkaHost } from './fake-kafka-host';
import { awaitExit, startBroker } from './restart-by-hand';
import { startSshd, type TestSshd } from './sshd';
import { until } from './until';

/** A real sshd and, for each test, a fresh fake Kafka host that is reached through it. */
export class HostTestBed {
  private count = 0;
  private readonly started: BrokerProcess[] = [];
  private readonly pool = new SessionPool();

  private constructor(private readonly server: TestSshd) {}

  static async create(address: string): Promise<HostTestBed> {
    return new HostTestBed(await startSshd(address));
  }

  get session(): HostSession {
    return this.pool.session(this.server.target);
  }

  /** How the sshd is reached. */
  get target(): SshTarget {
    return this.server.target;
  }

  /** A host of its own, with the broker not started. */
  freshHost(): { fake: FakeKafkaHost; host: SshBrokerHost } {
    this.count += 1;
    const fake = makeFakeKafkaHost(this.server.directory, `host ${this.count}`);
    return { fake, host: this.hostWith(fake.cluster) };
  }

  hostWith(cluster: FakeKafkaHost['cluster']): SshBrokerHost {
    return new SshBrokerHost(this.session, cluster, { id: 1 });
  }

  /** Starts a broker that `endBrokers` will end. */
  async start(host: SshBrokerHost, lease: HostLease = leaseOf()): Promise<BrokerProcess> {
    const found = await startBroker(host, lease);
    this.started.push(found);
    return found;
  }

  /** Ends this one with the others, however it was started. */
  adopt(process: BrokerProcess | null): void {
    if (process !== null) this.started.push(process);
  }

  async endBrokers(): Promise<void> {
    for (const broker of this.started.splice(0)) {
      try {
        process.kill(broker.pid, 'SIGKILL');
      } catch {
        continue;
      }
      await until('the fake broker ends', () => awaitExit(this.freshHost().host, broker, 5_000));
    }
  }

  async stop(): Promise<void> {
    await this.pool.close();
    await this.server.stop();
  }
}

/** The UpgradeError that this work ends with; anything else is thrown. */
export const failureOf = async (work: Promise<unknown>): Promise<UpgradeError> => {
  const error: unknown = await work.then(
    () => new Error('it did not fail'),
    (seen: unknown) => seen,
  );
  if (error instanceof UpgradeError) return error;
  throw error;
};
