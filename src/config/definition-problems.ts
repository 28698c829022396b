/** What can be judged only from several settings of a cluster definition together, each mistake at its place. */
import { namedApprovers } from '../domain/policy/approval-policy';
import type { NodeRole } from '../domain/cluster/cluster';
import type { WrittenRule } from './approvals-schema';
import { kafkaAddress } from './kafka-address';
import { shape } from './schema';
import type { WrittenDefinition } from './schema';

type Problem = [path: (string | number)[], message: string];

const duplicates = (
  { nodes }: WrittenDefinition,
  nameOf: (entry: WrittenDefinition['nodes'][number]) => string,
  path: string,
): Problem[] =>
  nodes.flatMap((entry, index): Problem[] => {
    const first = nodes.findIndex((other) => nameOf(other) === nameOf(entry));
    const earlier = nodes[first];
    return first === index || earlier === undefined
      ? []
      : [
          [
            ['nodes', index, path],
            `is the same (${nameOf(entry)}) as of node ${earlier.id}, the ${first + 1}. of the list`,
          ],
        ];
  });

/** The roles that a node has when it is not said. */
const rolesOf = (
  { mode }: Pick<WrittenDefinition, 'mode'>,
  { roles }: WrittenDefinition['nodes'][number],
): NodeRole[] => (mode === 'zookeeper' ? ['broker'] : (roles ?? []));

const misassigned = (definition: WrittenDefinition): Problem[] => {
  const { mode, nodes } = definition;
  const problems = nodes.flatMap((entry, index): Problem[] => {
    const path = ['nodes', index, 'roles'];
    if (mode === 'zookeeper' && entry.roles !== undefined)
      return [[path, 'is for mode kraft; in mode zookeeper every node is a broker']];
    if (mode === 'kraft' && entry.roles === undefined)
      return [[path.slice(0, 2), 'needs `roles` as in its process.roles, for example [broker, controller]']];
    return new Set(entry.roles).size === (entry.roles?.length ?? 0) ? [] : [[path, 'names a role twice']];
  });
  if (problems.length > 0 || mode === 'zookeeper') return problems;
  const missing = (['broker', 'controller'] as const).filter(
    (role) => !nodes.some((entry) => rolesOf(definition, entry).includes(role)),
  );
  return missing.map((role) => [['nodes'], `has no node with role ${role}; every node of the cluster belongs here`]);
};

/** KAFKA_LOG4J_OPTS of one generation stops the other from logging, so there is one way to say it. */
const contradictoryLogging = ({ service }: WrittenDefinition): Problem[] =>
  service.type === 'scripts' &&
  service.environment['KAFKA_LOG4J_OPTS'] !== undefined &&
  (service.logging.log4j !== undefined || service.logging.log4j2 !== undefined)
    ? [[['service', 'environment', 'KAFKA_LOG4J_OPTS'], 'must not be set together with service.logging, which sets it']]
    : [];

const inside = (path: string, directory: string): boolean => path === directory || path.startsWith(`${directory}/`);

const misplaced = ({ paths: { config, current, state } }: WrittenDefinition): Problem[] =>
  [
    { name: 'config', path: config, why: "the broker would start with the new release's own file" },
    { name: 'state', path: state, why: 'backups and the lease would vanish' },
  ]
    .filter(({ path }) => inside(path, current))
    .map(({ name, why }) => [
      ['paths', name],
      `must not be inside of paths.current: when the release is switched, ${why}`,
    ]);

const unknownProbeNode = ({ nodes, disasterRecovery }: WrittenDefinition): Problem[] => {
  const wanted = disasterRecovery.probe?.node;
  return wanted === undefined || nodes.some(({ id }) => id === wanted)
    ? []
    : [
        [
          ['disasterRecovery', 'probe', 'node'],
          `is ${wanted}, but there are only nodes ${nodes.map(({ id }) => id).join(', ')}`,
        ],
      ];
};

/** A gate that nobody can pass would be found out in the middle of an upgrade. */
const unreachableQuorums = ({ policy: { approvals } }: WrittenDefinition): Problem[] => {
  const { gates, ...general } = approvals;
  const rules: [Problem[0], WrittenRule][] = [
    [['policy', 'approvals'], general],
    ...Object.entries(gates).map(([gate, own]): [Problem[0], WrittenRule] => [
      ['policy', 'approvals', 'gates', gate],
      { ...general, ...own },
    ]),
  ];
  return rules.flatMap(([path, { approvers = null, quorum = 1 }]): Problem[] => {
    const people = namedApprovers(approvers);
    // That nobody at all is named is told by itself.
    if (people === null || people.length === 0 || people.length >= quorum) return [];
    return [[path, `wants ${quorum} people, but only ${people.length} may approve: ${people.join(', ')}`]];
  });
};

const uselessGaugesUrls = ({ nodes, gauges }: WrittenDefinition): Problem[] =>
  nodes.flatMap(({ gaugesUrl }, index): Problem[] =>
    gauges.source !== 'jmxtool' || gaugesUrl === undefined
      ? []
      : [[['nodes', index, 'gaugesUrl'], 'is for gauges.source jolokia or prometheus; jmxtool reads `jmx`']],
  );

const sameChannels = ({ notifications }: WrittenDefinition): Problem[] =>
  notifications.flatMap(({ name }, index): Problem[] =>
    notifications.findIndex((other) => other.name === name) === index
      ? []
      : [[['notifications', index, 'name'], `is the same (${name}) as of an earlier channel`]],
  );

const problemsOf = (definition: WrittenDefinition): Problem[] => [
  ...duplicates(definition, ({ id }) => String(id), 'id'),
  ...duplicates(definition, ({ host, sshPort }) => `${host}:${sshPort ?? definition.ssh.port}`, 'host'),
  ...duplicates(definition, (entry) => kafkaAddress(entry, rolesOf(definition, entry)), 'kafka'),
  ...misassigned(definition),
  ...misplaced(definition),
  ...contradictoryLogging(definition),
  ...unknownProbeNode(definition),
  ...uselessGaugesUrls(definition),
  ...unreachableQuorums(definition),
  ...sameChannels(definition),
];

/** A cluster definition as it is written, with what can be judged from the file alone. */
export const definitionSchema = shape.superRefine((definition, context) => {
  for (const [path, message] of problemsOf(definition)) context.addIssue({ code: 'custom', path, message });
});
