/**
 * What may be written into a cluster definition. Every message that does not explain itself from the kind of the mistake
 * is here, next to its rule; `describe` texts end up in the JSON schema that editors use.
 */
import { z } from 'zod';
import { approvalsSchema, maintenanceSchema } from './approvals-schema';
import { gaugesSchema, gaugesUrlSchema } from './gauges-schema';
import { notificationsSchema } from './notifications-schema';
import { silenceSchema } from './silence-schema';

const port = z.int().min(1).max(65_535);

const text = z
  .string()
  .min(1)
  .regex(/^[^\r\n\0]*$/, 'must be a single line');

const noSpaces = z.string().regex(/^[^\s-]\S*$/, 'must be a name without spaces that does not start with "-"');

const hostAndPort = z
  .string()
  .regex(
    /^(?:\[[0-9a-fA-F:.]+\]|[^\s:[\]]+):(?:[1-9]\d{0,4})$/,
    'must be host:port, for example kafka-1.example.org:9092',
  )
  .refine((address) => !(Number(/\d+$/.exec(address)?.[0]) > 65_535), 'must end with a port of at most 65535');

const hostPath = z
  .string()
  .regex(/^(?:\/[^/\0\r\n]+)+$/, 'must be an absolute path without a slash at its end')
  .refine(
    (path) => !path.split('/').some((part) => part === '.' || part === '..'),
    'must not contain "." or ".." parts',
  );

const workerPath = text.describe(
  'A file on the worker; `~/` is the home directory, a relative path starts at this file.',
);

const seconds = z.number().min(0).max(604_800);

const node = z.strictObject({
  id: z.int().min(0).describe("Kafka's broker.id or node.id"),
  roles: z
    .array(z.enum(['broker', 'controller']))
    .min(1)
    .max(2)
    .optional()
    .describe('As in process.roles; required with mode kraft, and only there'),
  host: noSpaces.describe('Address for SSH'),
  kafka: hostAndPort
    .optional()
    .describe(
      'Kafka listener that the worker uses; default <host>:9092, of a node that is only a controller <host>:9093',
    ),
  jmx: hostAndPort.default('localhost:9999').describe('JMX port of the broker as seen on the host itself'),
  sshPort: port.optional().describe('Default: ssh.port'),
  gaugesUrl: gaugesUrlSchema.optional(),
});

const ssh = z.strictObject({
  user: noSpaces.describe('User on every host; it must be able to change what `paths` names and to run the service'),
  port: port.default(22),
  privateKeyFile: workerPath.optional().describe('Private key on the worker; left out: the SSH agent (SSH_AUTH_SOCK)'),
  knownHostsFile: workerPath.default('~/.ssh/known_hosts').describe('Host keys are checked strictly against this file'),
  connectTimeoutSeconds: seconds.min(1).default(10),
});

const paths = z.strictObject({
  config: hostPath.describe('server.properties on every host; outside of the release, which is replaced'),
  current: hostPath.describe('The symbolic link that the service starts Kafka from, for example /opt/kafka'),
  releases: hostPath
    .regex(
      /^[^{}]*\{version\}[^{}]*$/,
      'must contain {version} once, for example /opt/kafka-releases/kafka_2.13-{version}',
    )
    .describe('Directory of a release, with {version} in the place of the version'),
  state: hostPath
    .default('/var/lib/kafka-upgrade')
    .describe('Backups, lease and lock of this product on every host, in a directory called like the cluster'),
  logs: hostPath.optional().describe('Directory of server.log; default <current>/logs'),
});

const service = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('scripts').describe("Kafka's own bin/kafka-server-start.sh"),
      environment: z
        .record(
          z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable'),
          z.union([text, z.number()]).transform(String),
        )
        .default({}),
      logging: z
        .strictObject({
          log4j: hostPath.optional().describe('Log4j 1 configuration on every host, for releases up to 3.9'),
          log4j2: hostPath.optional().describe('Log4j 2 configuration on every host, for releases from 4.0 on'),
        })
        .default({})
        .describe('Left out: the file of the release itself. KAFKA_LOG4J_OPTS is set from it as each release needs it'),
    }),
    z.strictObject({
      type: z.literal('commands').describe('For example systemctl'),
      start: text,
      stop: text,
    }),
  ])
  .default({ type: 'scripts', environment: {}, logging: {} });

const policy = z.strictObject({
  pollIntervalMs: z.int().min(50).max(60_000).optional().describe('Pause between two measurements of a gate'),
  soakSeconds: seconds.optional().describe('A node must stay healthy this long before the next is touched'),
  healthyDeadlineSeconds: seconds.min(1).optional().describe('A gate that is not successful by then parks the upgrade'),
  stopTimeoutSeconds: seconds.min(1).optional().describe('How long a broker may take to stop; it is never killed'),
  startTimeoutSeconds: seconds
    .min(1)
    .optional()
    .describe('How long a broker may take to start, log recovery not counted'),
  minIsrMargin: z.int().min(0).max(10).optional().describe('Replicas beyond min.insync.replicas while a node is down'),
  preferredLeaders: z
    .enum(['leave', 'elect'])
    .optional()
    .describe('`elect` hands each restarted broker its preferred leaderships back before the soak; default leave'),
  endToEndTopic: text
    .optional()
    .describe('An existing topic to which every gate writes records (acks=all) and reads them back; default none'),
  consumerLag: z
    .strictObject({
      sampleIntervalMs: z.int().min(100).max(60_000).optional(),
      stalledAfterSeconds: seconds.min(1).optional().describe('A group must commit again within this time'),
      growingAfterSeconds: seconds
        .min(15)
        .optional()
        .describe('A group whose lag has grown for this long is growing, which fails the gate; default 60'),
      rebalanceToleranceSeconds: seconds
        .optional()
        .describe('Growth counts only so long after a restart, as groups rebalance; default 45'),
      ignoredGroups: z.array(text).optional().describe('Groups that are not judged; `*` is a wildcard'),
      ignoredTopics: z.array(text).optional().describe('Topics on which no group is judged; `*` is a wildcard'),
    })
    .default({}),
  approvals: approvalsSchema.default({ gates: {}, eachNode: false }).describe('Who passes which gate'),
  maintenance: maintenanceSchema.default({ windows: [] }).describe('When something new may be started'),
});

const probe = z.strictObject({
  command: text.describe('A read-only command that exits with 0 while the disaster-recovery path works'),
  node: z.int().min(0).describe('Id of the node on whose host it runs'),
  timeoutSeconds: seconds.min(1).default(60),
});

/** The settings one by one; how they go together is judged apart (definition-problems.ts). */
export const shape = z.strictObject({
  cluster: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9._-]{0,62}$/,
      'must be 1 to 63 of a-z, 0-9, ".", "_" and "-", and start with a letter or digit',
    )
    .describe('Name of the cluster: the lock of its upgrades, and its directory in `paths.state`'),
  mode: z.enum(['zookeeper', 'kraft']).default('zookeeper').describe('How the cluster keeps its metadata'),
  nodes: z.array(node).min(1).describe('Every broker and controller of the cluster'),
  ssh,
  paths,
  service,
  gauges: gaugesSchema,
  policy: policy
    .default({ consumerLag: {}, approvals: { gates: {}, eachNode: false }, maintenance: { windows: [] } })
    .describe('How careful an upgrade is; everything has a default'),
  disasterRecovery: z.strictObject({ probe: probe.optional() }).default({}),
  notifications: notificationsSchema,
  alertSilence: silenceSchema.optional(),
});

/** A definition as it is written, with the defaults that do not depend on the worker. */
export type WrittenDefinition = z.output<typeof shape>;

/** The JSON schema of cluster definitions, for editors and for checks outside of this product. */
export const definitionJsonSchema = (): Record<string, unknown> => ({
  ...z.toJSONSchema(shape, { io: 'input' }),
  title: 'Cluster definition of kafka-upgrade',
});
