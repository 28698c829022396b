import type { HostLease } from '../domain/cluster/cluster';
import { UpgradeError } from '../domain/common/failure';
import { encodeLease, leaseProblem } from '../domain/cluster/lease';
import type { HostSession } from '../ssh/host-session';
import { shellAssignments } from '../ssh/shell-quote';
import type { OperationContext } from './broker-host';
import { exitCode } from './exit-code';
import { judgeLeaseScript, loadLeaseScript } from './lease-script';
import { runScript, type ScriptOutcome } from './remote-script';
import { scriptFailure } from './script-failure';

/** One change of a host: what it is called, whose lease it carries, and the script that makes it. */
export interface FencedCommand {
  description: string;
  /** The product's own directory on the host: lock, lease and backups. */
  statePath: string;
  lease: HostLease;
  takeOver?: boolean;
  body: string;
  timeoutMs: number;
}

// Changes hold the lock for milliseconds, a start for a few seconds: whoever waits longer meets a stuck command.
const LOCK_WAIT_SECONDS = 15;

const leaseVariables = (lease: HostLease, takeOver: boolean): string =>
  shellAssignments({
    in_epoch: lease.epoch,
    in_step: lease.step,
    in_attempt: lease.attempt,
    in_held: lease.held ? 1 : 0,
    in_clusterId: lease.clusterId,
    in_owner: lease.owner,
    in_runId: lease.runId,
    take_over: takeOver ? 1 : 0,
    new_lease: encodeLease(lease),
  });

/** The lease in `st_*` as facts. */
const tellLease = `
tell_lease() {
  fact lease_epoch "$st_epoch" && fact lease_step "$st_step" && fact lease_attempt "$st_attempt"
  fact lease_held "$st_held" && fact lease_clusterId "$st_clusterId"
  fact lease_owner "$st_owner" && fact lease_runId "$st_runId"
}
`;

/**
 * The state directory is called like the cluster definition, and two definitions may mean one Kafka cluster: whoever holds
 * it under another name is in the way of everything but a release. It is asked in every command, also after a claim: of
 * two claims at the same moment neither gets any further. What the SSH user cannot read is another user's affair.
 */
const notHeldElsewhere = `
if [ "$in_held" = 1 ]; then
  for other in "\${state%/*}"/*/lease; do
    [ "$other" != "$lease_file" ] && [ -r "$other" ] && load_lease "$other" || continue
    [ "$st_held" = 1 ] && [ "$st_clusterId" = "$in_clusterId" ] || continue
    tell_lease
    refuse ${exitCode.heldElsewhere} "$other"
  done
fi
`;

/**
 * Takes the lock (file descriptor 9, released when the shell ends; whatever outlives the shell must close it), judges
 * the lease and stores it. Not a subshell: a refusal has to end the script.
 */
const fence = `
need flock sha256sum base64 sync mv cp ln readlink stat
[ -d "$state" ] || (umask 077 && mkdir -p -- "$state") || refuse ${exitCode.stateUnusable} "the state directory $state cannot be created"
[ -w "$state" ] || refuse ${exitCode.stateUnusable} "the state directory $state is not writable for $(id -un)"
[ ! -e "$state/lock" ] || [ -w "$state/lock" ] || refuse ${exitCode.stateUnusable} "the lock $state/lock is not writable for $(id -un)"
exec 9>>"$state/lock"
flock -x -w ${LOCK_WAIT_SECONDS} 9 || refuse ${exitCode.lockBusy} "another command has held $state/lock for ${LOCK_WAIT_SECONDS} s"
lease_stored=0
lease_file=$state/lease
if [ -e "$lease_file" ]; then
  load_lease "$lease_file" || refuse $? "the lease file $lease_file cannot be understood"
  judge_lease || {
    verdict=$?
    tell_lease
    exit "$verdict"
  }
  stored_lease=$(cat "$lease_file")
  [ "$stored_lease" = "\${new_lease%?}" ] && lease_stored=1
fi
${notHeldElsewhere}
if [ "$lease_stored" = 0 ]; then
  (umask 077 && printf '%s' "$new_lease" >"$lease_file.new") && to_disk "$lease_file.new" &&
    mv -f -- "$lease_file.new" "$lease_file" && to_disk "$state" ||
    refuse ${exitCode.stateUnusable} "the lease could not be stored in $lease_file"
fi
`;

/** The script of a fenced command, without the function that wraps every remote script. */
const fencedBody = (command: FencedCommand): string =>
  [
    shellAssignments({ state: command.statePath }),
    leaseVariables(command.lease, command.takeOver ?? false),
    judgeLeaseScript,
    loadLeaseScript,
    tellLease,
    fence,
    command.body,
  ].join('\n');

/**
 * The one way by which this product changes a host (invariant I5): in one remote shell, take the host's lock, compare
 * the lease with the stored one, store it durably, then change, still under the lock. Throws `LeaseStale` or
 * `LeaseHeld` when the host refuses the lease, and the failure of the body's own refusals.
 */
export const runFenced = async (
  session: HostSession,
  command: FencedCommand,
  context: OperationContext = {},
): Promise<ScriptOutcome> => {
  const problem = leaseProblem(command.lease);
  if (problem !== null) throw new Error(`The lease for ${session.address} cannot be used: ${problem}.`);
  const script = { description: command.description, body: fencedBody(command), timeoutMs: command.timeoutMs };
  const outcome = await runScript(session, script, context);
  if (outcome.result.exitCode === 0) return outcome;
  throw scriptFailure(outcome, command.lease);
};

/** The lease of an acting step: it holds the host. */
export const holding = (lease: Omit<HostLease, 'held'>): HostLease => ({ ...lease, held: true });

/** Thrown by callers that find a report incomplete: a script of ours that ends with 0 has reported everything. */
export const missingFact = (address: string, name: string): UpgradeError =>
  new UpgradeError('CommandFailed', `The script on ${address} ended well but did not report ${name}.`);
