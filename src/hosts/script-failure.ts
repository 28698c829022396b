import type { Lease } from '../domain/cluster/cluster';
import { UpgradeError, type FailureType } from '../domain/common/failure';
import { commandFailure, lastWords } from '../ssh/command-result';
import { exitName, type ExitName } from './exit-code';
import type { ScriptOutcome } from './remote-script';

const failureOf: Record<ExitName, FailureType> = {
  leaseStale: 'LeaseStale',
  leaseHeld: 'LeaseHeld',
  leaseUnreadable: 'LeaseHeld',
  lockBusy: 'CommandTimedOut',
  toolMissing: 'CommandFailed',
  stateUnusable: 'CommandFailed',
  gateTooOld: 'GateTooOld',
  otherProcess: 'CommandFailed',
  configDrift: 'ConfigDrift',
  releaseMissing: 'ReleaseMissing',
  propertiesUnreadable: 'PropertiesUnreadable',
  checksumMismatch: 'ChecksumMismatch',
  startFailed: 'StartFailed',
  currentIsNoLink: 'InvalidDefinition',
  ownerNotKept: 'CommandFailed',
  serviceCommandFailed: 'CommandFailed',
  brokerRuns: 'StartedElsewhere',
};

const advice: Partial<Record<ExitName, string>> = {
  leaseUnreadable: 'Make sure that no upgrade runs on this cluster, then remove that file.',
  lockBusy: 'Find the process that holds the lock (`fuser`) and see what it waits for.',
  stateUnusable: 'Create that directory and give it to the SSH user, or change `paths.state`.',
  otherProcess: 'Nothing was signalled; the process is looked up again.',
  currentIsNoLink: 'Make `paths.current` a symbolic link to the release in use.',
  ownerNotKept: 'Nothing was changed. Let the SSH user own the file, or log in as its owner.',
};

const leaseFacts = ['epoch', 'step', 'attempt', 'held', 'clusterId', 'owner', 'runId'].map((key) => `lease_${key}`);

/** The facts that a refusal is about; no others are told: the script may have reported a whole server.properties before. */
const factsOf: Partial<Record<ExitName, readonly string[]>> = {
  leaseStale: leaseFacts,
  leaseHeld: leaseFacts,
  configDrift: ['found'],
};

const toldFacts = (facts: ReadonlyMap<string, string>, name: ExitName): Record<string, string> =>
  Object.fromEntries([...facts].filter(([key]) => factsOf[name]?.includes(key)));

const stamp = (epoch: string | number, step: string | number, attempt: string | number): string =>
  `epoch ${epoch}, step ${step}, attempt ${attempt}`;

/** Who holds the lease that refused us, as the host reported it. */
const leaseRefusal = (
  { result, facts }: ScriptOutcome,
  name: 'leaseStale' | 'leaseHeld',
  mine: Lease,
): UpgradeError => {
  const of = (key: string): string => facts.get(`lease_${key}`) ?? '?';
  const stored = `${of('owner')}, run ${of('runId')}, ${stamp(of('epoch'), of('step'), of('attempt'))}, cluster ${of('clusterId')}`;
  const ours = `${mine.owner}, run ${mine.runId}, ${stamp(mine.epoch, mine.step, mine.attempt)}, cluster ${mine.clusterId}`;
  const evidence = { host: result.host, holder: toldFacts(facts, name), lease: { ...mine } };
  const message =
    name === 'leaseStale'
      ? `${result.host} refused ${result.command}: its lease is newer (${stored}) than ours (${ours}). Nothing was changed; this attempt is over.`
      : `${result.host} refused ${result.command}: the host is held by ${stored}; we are ${ours}. Nothing was changed. Finish or abort that upgrade; only if it is certainly dead, start with \`takeOver\`.`;
  return new UpgradeError(failureOf[name], message, evidence);
};

/** The named failure for a script of ours that did not end with 0. */
export const scriptFailure = (outcome: ScriptOutcome, mine?: Lease): UpgradeError => {
  const { result, facts } = outcome;
  const name = exitName(result.exitCode);
  if (name === null) return commandFailure(result);
  if (mine && (name === 'leaseStale' || name === 'leaseHeld')) return leaseRefusal(outcome, name, mine);
  const message = [`${result.host} refused ${result.command}: ${lastWords(result)}.`, advice[name] ?? '']
    .join(' ')
    .trim();
  return new UpgradeError(failureOf[name], message, { host: result.host, ...toldFacts(facts, name) });
};
