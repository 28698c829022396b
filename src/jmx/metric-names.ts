import type { MetricName, MetricNames } from '../config/definition';
import type { MetricSample } from './prometheus-text';

/** What is looked for in the answer of an exporter: all that a definition can name, and more that it need not. */
export type Sought = MetricName | 'zkMigrationState' | 'clientSoftware' | 'deprecatedRequests' | 'nodeId';

/** `kafka_server_ReplicaManager_Value` and `kafkaserver_replica_manager_value` are the same name, differently written. */
const plain = (name: string): string => name.replace(/[_:]/g, '').toLowerCase();

/** Domain, type and name of a bean whose attribute `Value` is the number. */
interface ValueBean {
  type: string;
  name: string;
}

const valueBeans: Partial<Record<Sought, ValueBean>> = {
  underReplicatedPartitions: { type: 'kafkaserverreplicamanager', name: 'underreplicatedpartitions' },
  brokerState: { type: 'kafkaserverkafkaserver', name: 'brokerstate' },
  offlinePartitions: { type: 'kafkacontrollerkafkacontroller', name: 'offlinepartitionscount' },
  activeControllers: { type: 'kafkacontrollerkafkacontroller', name: 'activecontrollercount' },
  zkMigrationState: { type: 'kafkacontrollerkafkacontroller', name: 'zkmigrationstate' },
};

const otherNames: Partial<Record<Sought, RegExp>> = {
  // Release 1 of the exporter cuts `_info` off the end of a name.
  version: /^kafka(server)?app(info)?(version)?$/,
  nodeId: /^kafka(server)?app/,
  deprecatedRequests: /^kafkanetworkrequestmetrics(count|deprecatedrequests(persec)?(total|count)?)$/,
  clientSoftware: /^kafkaserversocketservermetricsconnections(software)?$/,
};

/** The value of a label, however its name is written. */
export const labelOf = ({ labels }: MetricSample, name: string): string | undefined =>
  Object.entries(labels).find(([label]) => plain(label) === name.toLowerCase())?.[1];

const isNamed = (written: string, sought: Sought): boolean => {
  const name = plain(written);
  const bean = valueBeans[sought];
  if (bean === undefined) return otherNames[sought]?.test(name) ?? false;
  return [`${bean.type}value`, `${bean.type}${bean.name}`, `${bean.type}${bean.name}value`].includes(name);
};

/** Without rules, one metric holds all beans of a type, told apart by the label `name`. */
const isOfBean = (sample: MetricSample, sought: Sought): boolean => {
  const bean = valueBeans[sought];
  return (
    bean === undefined ||
    plain(sample.name) !== `${bean.type}value` ||
    plain(labelOf(sample, 'name') ?? '') === bean.name
  );
};

const all: readonly Sought[] = [
  'underReplicatedPartitions',
  'offlinePartitions',
  'activeControllers',
  'brokerState',
  'version',
  'zkMigrationState',
  'clientSoftware',
  'deprecatedRequests',
  'nodeId',
];

const ownName = (names: MetricNames, sought: Sought): string | undefined =>
  new Map<string, string | undefined>(Object.entries(names)).get(sought);

/**
 * Finds metrics by the names that the exporter gives without rules, and by those of its example rules for Kafka, in any
 * case and with or without underscores; or by the name that the definition says.
 */
export class MetricFinder {
  /** A name comes again with every topic and partition, and with every answer. */
  private readonly judged = new Map<string, boolean>();

  constructor(private readonly names: MetricNames) {}

  /** Is this the name of anything that is looked for? */
  readonly wanted = (name: string): boolean => {
    const known = this.judged.get(name);
    if (known !== undefined) return known;
    const wanted = Object.values(this.names).includes(name) || all.some((sought) => isNamed(name, sought));
    this.judged.set(name, wanted);
    return wanted;
  };

  find(samples: readonly MetricSample[], sought: Sought): MetricSample[] {
    const own = ownName(this.names, sought);
    return samples.filter((sample) =>
      own === undefined ? isNamed(sample.name, sought) && isOfBean(sample, sought) : sample.name === own,
    );
  }
}
