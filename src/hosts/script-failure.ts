import type { Lease } from '../domain/cluster/cluster';
import { UpgradeError, type FailureType } from '../domain/common/failure';
import { heldFailure } from '../domain/cluster/lease';
import { isRefusedCommand } from '../domain/common/refused-command';
import { commandFailure, lastWords } from '../ssh/command-result';
import { exitName, type ExitName } from './exit-code';
import type { ScriptOutcome } from './remote-script';

const failureOf: Record<ExitName, FailureType> = {
  leaseStale: 'LeaseStale',
  leaseHeld: 'LeaseHeld',
  leaseUnreadable: 'LeaseUnreadable',
  lockBusy: 'CommandTimedOut',
  toolMissing: 'HostRefused',
  stateUnusable: 'HostRefused',
  backupUnreadable: 'HostRefused',
  heldElsewhere: 'OtherNameLease',
  gateTooOld: 'GateTooOld',
  otherProcess: 'CommandFailed',
  configDrift: 'ConfigDrift',
  releaseMissing: 'ReleaseMissing',
  propertiesUnreadable: 'PropertiesUnreadable',
  checksumMismatch: 'ChecksumMismatch',
  startFailed: 'StartFailed',
  currentIsNoLink: 'InvalidDefinition',
  ownerNotKept: 'HostRefused',
  serviceCommandFailed: 'CommandFailed',
  brokerRuns: 'StartedElsewhere',
  configUnwritable: 'HostRefused',
  linkNotReplaceable: 'LinkNotReplaceable',
};

const advice: Partial<Record<ExitName, string>> = {
  lockBusy: 'Find the process that holds the lock (`fuser`) and see what it waits for.',
  stateUnusable: 'Create that directory and give it to the SSH user, or change `paths.state`.',
  backupUnreadable: 'Let the SSH user own what lies below `paths.state`.',
  otherProcess: 'Nothing was signalled; the process is looked up again.',
  currentIsNoLink: 'Make `paths.current` a symbolic link to the release in use.',
  ownerNotKept: 'Nothing was changed. Let the SSH user own the file, or log in as its owner.',
  serviceCommandFailed: 'Run the command of `service` by hand on that host.',
  configUnwritable:
    'Nothing was changed. Let the SSH user write that directory: a new file is renamed over the old one.',
};

const refusedCommand =
  'The SSH user may not run that command there, or it is missing: correct sudoers or `service` on that host.';

/** What a refusal is called, and what is said about it beside the hint of its type. */
const judged = (name: ExitName, words: string): { type: FailureType; told: string } =>
  (name === 'serviceCommandFailed' || name === 'startFailed') && isRefusedCommand(words)
    ? { type: 'HostRefused', told: refusedCommand }
    : { type: failureOf[name], told: advice[name] ?? '' };

const leaseFacts = ['epoch', 'step', 'attempt', 'held', 'clusterId', 'owner', 'runId'].map((key) => `lease_${key}`);

/** The facts that a refusal is about; no others are told: the script may have reported a whole server.properties before. */
const factsOf: Partial<Record<ExitName, readonly string[]>> = {
  leaseStale: leaseFacts,
  leaseHeld: leaseFacts,
  heldElsewhere: leaseFacts,
  configDrift: ['found'],
};

const toldFacts = (facts: ReadonlyMap<string, string>, name: ExitName): Record<string, string> =>
  Object.fromEntries([...facts].filter(([key]) => factsOf[name]?.includes(key)));

const stamp = (epoch: string | number, step: string | number, attempt: string | number): string =>
  `epoch ${epoch}, step ${step}, attempt ${attempt}`;

const leaseRefusals = ['leaseStale', 'leaseHeld', 'heldElsewhere'] as const;
type LeaseRefusal = (typeof leaseRefusals)[number];

const isLeaseRefusal = (name: ExitName): name is LeaseRefusal => leaseRefusals.some((refusal) => refusal === name);

/** Who holds the lease that refused us, as the host reported it; what to do is the hint of the failure's type. */
const leaseRefusal = ({ result, facts }: ScriptOutcome, name: LeaseRefusal, mine: Lease): UpgradeError => {
  const of = (key: string): string => facts.get(`lease_${key}`) ?? '?';
  const stored = `${of('owner')}, run ${of('runId')}, ${stamp(of('epoch'), of('step'), of('attempt'))}, cluster ${of('clusterId')}`;
  const ours = `${mine.owner}, run ${mine.runId}, ${stamp(mine.epoch, mine.step, mine.attempt)}, cluster ${mine.clusterId}`;
  const evidence = { host: result.host, holder: toldFacts(facts, name), lease: { ...mine } };
  if (name === 'leaseStale') {
    const message = `${result.host} refused ${result.command}: its lease is newer (${stored}) than ours (${ours}). Nothing was changed; this attempt is over.`;
    return new UpgradeError('LeaseStale', message, evidence);
  }
  if (name === 'heldElsewhere') {
    const message = `${result.host} refused ${result.command}: this Kafka cluster is held by ${stored}, in ${lastWords(result)}; we are ${ours}. Nothing was changed.`;
    return new UpgradeError('OtherNameLease', message, evidence);
  }
  const message = `${result.host} refused ${result.command}: the host is held by ${stored}; we are ${ours}. Nothing was changed.`;
  return new UpgradeError(heldFailure({ clusterId: of('clusterId') }, mine), message, evidence);
};

/** The named failure for a script of ours that did not end with 0. */
export const scriptFailure = (outcome: ScriptOutcome, mine?: Lease): UpgradeError => {
  const { result, facts } = outcome;
  const name = exitName(result.exitCode);
  if (name === null) return commandFailure(result);
  if (mine && isLeaseRefusal(name)) return leaseRefusal(outcome, name, mine);
  const words = lastWords(result);
  const { type, told } = judged(name, words);
  const message = `${result.host} refused ${result.command}: ${words}. ${told}`.trim();
  return new UpgradeError(type, message, { host: result.host, ...toldFacts(facts, name) });
};
