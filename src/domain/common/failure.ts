/**
 * Every failure this product names: its class decides what the workflow does, the hint says what an operator does next.
 * The literal is the `type` of the Temporal ApplicationFailure.
 *
 * - `transient`: retried with backoff, bounded.
 * - `blocked`:   a gate keeps measuring until its deadline; then the upgrade parks.
 * - `fatal`:     retrying cannot help. Before the first host change the workflow ends; afterwards it parks (I6).
 */
export type FailureClass = 'transient' | 'blocked' | 'fatal';

interface FailureEntry {
  class: FailureClass;
  hint: string;
}

const entry = (failureClass: FailureClass, hint: string): FailureEntry => ({ class: failureClass, hint });

export const failures = {
  SshUnreachable: entry('transient', 'Check that the host is up and that sshd answers from where the worker runs.'),
  HostLost: entry(
    'blocked',
    'The node may be down: look at the host itself (console, hypervisor, network). When it answers again, send `retry`.',
  ),
  SshAuthenticationFailed: entry(
    'fatal',
    'Check `ssh.user` and the key in the cluster definition, and authorized_keys.',
  ),
  HostKeyMismatch: entry(
    'fatal',
    'The host showed a key that is not in known_hosts. If it was reinstalled, update the file; if not, stop and investigate.',
  ),
  ClusterRefused: entry('fatal', 'Read what the controller said; repair; then send `retry` (or `abort`).'),
  SnapshotMissing: entry('blocked', 'Wait until every node has written one, then send `retry`.'),
  MinIsrChanged: entry(
    'blocked',
    'Set min.insync.replicas back: on single topics (kafka-configs.sh --entity-type topics), or for the cluster (--entity-type brokers --entity-default); then send `retry`.',
  ),
  BrokerUnreachable: entry('transient', 'Check the broker process, its listener and the network from the worker.'),
  OutcomeUnknown: entry(
    'transient',
    'A broker was told to change something and its answer was lost. It is looked at before it is asked again; if this goes on, check the network from the worker.',
  ),
  CommandTimedOut: entry('transient', 'The command took longer than its limit; look at the load of the host.'),
  CommandFailed: entry('transient', 'Read the output; run the command by hand on that host.'),
  HostRefused: entry(
    'fatal',
    'Give the SSH user what the message names (a right, a command, a directory); then send `retry`, or start again.',
  ),
  LinkNotReplaceable: entry(
    'fatal',
    'Let the SSH user write the directory that holds the link; then send `retry`, or start again. Where that is a directory of root, like /opt, do not give it away: keep the link in a directory of its own that belongs to the SSH user (`paths.current: /opt/kafka-current/release`), and make /opt/kafka a link to it.',
  ),
  WrongNodeOnHost: entry(
    'fatal',
    'The host runs another node than the cluster definition says; correct `nodes` in the definition.',
  ),
  PropertiesUnreadable: entry('fatal', 'Check `paths.config` and the permissions of the SSH user.'),
  SettingsRefused: entry(
    'fatal',
    'Correct the setting that the plan names, on the release that runs; then start again.',
  ),
  DiskFull: entry('fatal', 'Make space on the host that the plan names; then start again.'),
  ConfigDrift: entry(
    'fatal',
    'server.properties changed since the plan; find out who changed it, then start again for a new plan.',
  ),
  WrongRelease: entry(
    'blocked',
    'The node runs another release than the plan says: find out who started it or switched its release link; restart it on the planned one; then send `retry`.',
  ),
  WrongProtocol: entry(
    'blocked',
    'The node speaks another protocol version than the plan says: compare inter.broker.protocol.version in its server.properties with what runs, and find out who restarted it; then send `retry`.',
  ),
  ReleaseMissing: entry(
    'fatal',
    'Install the release that the message names on that host, where `paths.releases` of the definition says; then send `retry`, or start again.',
  ),
  LeaseStale: entry('fatal', 'A newer step of the upgrade owns this host; this attempt must not act. Nothing to do.'),
  LeaseHeld: entry(
    'fatal',
    'Finish or abort the upgrade that owns this cluster; only if it is certainly dead, start with `takeOver`.',
  ),
  OtherClusterLease: entry(
    'fatal',
    'Finish or abort the upgrade of that Kafka cluster and give each cluster a name of its own; if its brokers are gone for good, remove the file `lease` on the host.',
  ),
  OtherNameLease: entry(
    'fatal',
    'Finish or abort the upgrade that owns this Kafka cluster under another name (if it is certainly dead, start that one with `takeOver` and abort it), and keep one definition for a cluster.',
  ),
  LeaseUnreadable: entry(
    'fatal',
    'Make sure that no upgrade runs on this cluster; then let the SSH user read that file, or remove it when it is damaged.',
  ),
  GateTooOld: entry('transient', 'The health measurement was too old when the stop arrived; it is measured again.'),
  UnknownCluster: entry(
    'fatal',
    "Use the `cluster` name of a definition in the worker's directory of cluster definitions.",
  ),
  InvalidDefinition: entry('fatal', 'Correct the cluster definition where the message points.'),
  InvalidRequest: entry('fatal', 'Start again with input like {"cluster":"orders-prod","target":"3.8.1"}.'),
  WrongWorkflowId: entry(
    'fatal',
    'Start again with the workflow id that the message names: it is the lock of the cluster.',
  ),
  UnsupportedUpgradePath: entry('fatal', 'Choose a target that the message allows.'),
  PlanBlocked: entry('fatal', 'Resolve the blockers of the plan, then start again.'),
  PlanHashMismatch: entry(
    'fatal',
    'Put that definition back and go on. For a new plan: first bring back a node that is down, then abort and start again.',
  ),
  DefinitionMissing: entry(
    'transient',
    'Put the definition that the plan was made from back where the workers read it, then send `retry`: a node may be down.',
  ),
  ChecksumMismatch: entry(
    'fatal',
    'The file that was read back differs from what was written; check the disk of the host.',
  ),
  NodeUnhealthy: entry('blocked', 'Look at the evidence; repair; then send `retry` (or `abort`).'),
  LevelsForbid: entry(
    'blocked',
    'Lower the level that the message names by hand, where Kafka lowers it (bin/kafka-features.sh downgrade), then send `retry`; where it cannot be lowered, `abort` and start again, upward.',
  ),
  LevelsUnreadable: entry(
    'blocked',
    'Bring the node that the message names to answer, or end its process by hand, then send `retry` (or `abort`).',
  ),
  RestartEndedByHand: entry(
    'blocked',
    "Find out who ended the workflow of this node's restart, and why; then send `retry`, which looks at the node first.",
  ),
  UncleanShutdown: entry(
    'blocked',
    'The broker did not stop cleanly; expect log recovery at its start. Look at its log before `retry`.',
  ),
  StopTimedOut: entry(
    'blocked',
    'The broker is still shutting down. It is never killed; look at its log, then send `retry`.',
  ),
  StartTimedOut: entry(
    'blocked',
    'The process runs, but does not listen. It is never killed, and nothing is put back under it: read its log, end it by hand, then send `retry` (or `rollback`).',
  ),
  StartedElsewhere: entry(
    'blocked',
    'Something else starts this node while it is being restarted: a person, or a service manager that restarts what ends (`Restart=`). Hold it off, then send `retry`.',
  ),
  StartFailed: entry('blocked', 'Read the tail of the broker log; repair; then send `retry`.'),
  WorkerLost: entry(
    'blocked',
    'A worker died or froze in this step, and none carried it on in time: look at the workers (process, log, load), then at what the step had done so far; then send `retry`, which reads the real state first.',
  ),
  NoWorker: entry(
    'blocked',
    'No worker took this step up: start one, or find out why those that run do not reach Temporal or poll another task queue; then send `retry`.',
  ),
  DisasterRecoveryUnconfirmed: entry(
    'fatal',
    'The probe of the disaster-recovery path failed; repair it, then start again.',
  ),
  NotificationFailed: entry(
    'transient',
    'Check that the channel can be reached from the worker, and that what its address refers to is set there.',
  ),
  NotificationRefused: entry('fatal', 'Correct the channel in the definition, or what its address refers to.'),
  AlertmanagerFailed: entry('transient', 'Check `alertSilence` in the definition and the Alertmanager.'),
} as const satisfies Record<string, FailureEntry>;

export type FailureType = keyof typeof failures;

/** Is this string one of ours? */
const isFailureType = (type: string | null | undefined): type is FailureType =>
  typeof type === 'string' && Object.hasOwn(failures, type);

/** The class of a failure type; what is not ours is treated as transient. */
export const failureClass = (type: string | null | undefined): FailureClass =>
  isFailureType(type) ? failures[type].class : 'transient';

/**
 * Is it certain that another try on the same host cannot cure this within minutes? Then nothing is tried again, least of
 * all while a broker is down. False for whatever may pass by itself (SSH, time-outs, a busy lock) and for the unknown.
 */
export const isPermanent = (type: string | null | undefined): boolean => failureClass(type) === 'fatal';

/** What an operator does next. */
export const failureHint = (type: string | null | undefined): string =>
  isFailureType(type) ? failures[type].hint : 'Read the evidence; repair; then send `retry` (or `abort`).';

/** The message with what to do next behind it, once: a failure of Temporal has no other place for it. */
export const withHint = (message: string, type: string | null | undefined): string =>
  message.includes(failureHint(type)) ? message : `${message} ${failureHint(type)}`;

/** The two apart again. */
export const splitHint = (text: string, type: string | null | undefined): { message: string; hint: string } => {
  const hint = failureHint(type);
  return { message: text.endsWith(` ${hint}`) ? text.slice(0, -hint.length - 1) : text, hint };
};

/**
 * An error that carries its failure type; adapters throw it, activities translate it into an ApplicationFailure
 * (non-retryable when fatal). The message says what was attempted, where, and what was seen.
 */
export class UpgradeError extends Error {
  override readonly name = 'UpgradeError';

  constructor(
    readonly type: FailureType,
    message: string,
    readonly evidence: Record<string, unknown> = {},
  ) {
    super(message);
  }
}
