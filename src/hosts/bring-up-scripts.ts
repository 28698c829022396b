/** From a stopped node to one whose process runs: file, release link and start in one remote shell, under one lock. */
import type { LoggingDefinition, ServiceDefinition } from '../config/definition';
import type { LaunchAim, RestartCause } from '../domain/restart/restart-record';
import { shellAssignments, shellQuote } from '../ssh/shell-quote';
import { exitCode } from './exit-code';
import { checkReleaseSteps, replacePropertiesSteps, switchReleaseSteps } from './file-scripts';
import { detachedLibrary, recordFile, recordLibrary } from './restart-record-script';
import { clockLibrary, processLibrary, releaseLibrary } from './script-library';

/** How long the shell of the start looks for the process itself (hundredths of a second); a JVM is there within 0.2 s. */
const START_LOOK = 300;

/**
 * KAFKA_LOG4J_OPTS for the release behind the link: Log4j 1 up to 3.9, Log4j 2 from 4.0 on (KIP-653). With the wrong one
 * the broker starts and logs nothing.
 */
const loggingExport = ({ log4j, log4j2 }: LoggingDefinition): string => {
  if (log4j === null && log4j2 === null) return '';
  const options = (property: string, file: string | null): string =>
    file === null ? ':' : `export KAFKA_LOG4J_OPTS=${shellQuote(`-D${property}=file:${file}`)}`;
  return `case $(release_version "$current") in
  [0-3].*) ${options('log4j.configuration', log4j)} ;;
  *) ${options('log4j2.configurationFile', log4j2)} ;;
esac
`;
};

const launch = (service: ServiceDefinition): string => {
  if (service.type === 'commands') return `start_broker() { own_session sh -c ${shellQuote(service.start)}; }`;
  const exports = Object.entries(service.environment).map(([name, value]) => `export ${name}=${shellQuote(value)}; `);
  return `start_broker() { ${exports.join('')}own_session "$current/bin/kafka-server-start.sh" -daemon "$config"; }
${loggingExport(service.logging)}`;
};

/** What a node is brought up with. */
export interface BringUpRequest {
  /** Whose restart it is. */
  restart: string;
  config: string;
  current: string;
  service: ServiceDefinition;
  aim: LaunchAim;
  version: string;
  /** The directory of that release. */
  release: string;
  /** How the stop before ended, for whoever takes over; null when the record has it. */
  exited: { stopMs: number | null; clean: boolean } | null;
  /** Why the old release is put back; null when it is not, or when the record has it. */
  cause: RestartCause | null;
  /** Checksums that the file may have; anything else was changed by somebody else (I9). */
  plannedSha256s: readonly string[];
  /** The content that the file gets first; null leaves it as it is. */
  properties: { contentBase64: string; expectedSha256: string; newSha256: string } | null;
}

const recorded = ({ exited, cause }: BringUpRequest): string =>
  [
    ...(exited === null ? [] : [`in_record exited ${exited.stopMs ?? '-'} ${exited.clean ? 1 : 0}`]),
    ...(cause === null ? [] : [`in_record cause ${cause.type} ${Buffer.from(cause.message).toString('base64')}`]),
  ].join('\n');

const fileSteps = ({ properties, plannedSha256s }: BringUpRequest): string =>
  properties !== null
    ? replacePropertiesSteps(properties)
    : `found=$(sha256_of "$config")
case " ${plannedSha256s.join(' ')} " in
  *" $found "*) ;;
  *) fact found "$found"; refuse ${exitCode.configDrift} "$config has the checksum $found, which the plan does not know: somebody changed it" ;;
esac`;

/** How long the process has run: its start is in clock ticks since boot, a hundred a second (USER_HZ of Linux). */
const runsFor = `
runs_for() { case $brokers in *' '*) return 0 ;; esac; read_clock; fact runs_for_ms $(((uptime - \${brokers#*:}) * 10)); }
`;

/**
 * A process that is older than the start command is not what it brought up: somebody else was faster by a moment, and ours
 * finds its ports taken. The record then says that nothing was started (`asked -`), or the next look would take it for ours.
 */
const refuseOlder = `
for entry in $brokers; do
  [ "\${entry#*:}" -ge "$began" ] && continue
  in_record asked -
  refuse ${exitCode.brokerRuns} "the broker runs as $entry (pid:start), which is older than the start command of this restart: somebody else started it"
done`;

/**
 * Changes what is to be changed and starts the node: the file first, so that a reboot in between never runs the new release
 * unpinned; a way back changes no file. Nothing is changed under a process: one that runs is refused, unless
 * this restart started it; and a start command that still works is not given again. Prints `brokers`, or `starting=1` when
 * there is no process yet, and one `evidence` line.
 */
export const bringUpScript = (request: BringUpRequest): string => `
${shellAssignments({ restart: request.restart, config: request.config, current: request.current })}
${shellAssignments({ target: request.release, version: request.version })}
${clockLibrary}${processLibrary}${releaseLibrary}${detachedLibrary}${recordLibrary}${runsFor}
log=$state/start.log
if find_brokers; then
  started=''
  [ -e "${recordFile}" ] && { read -r first && [ "$first" = "restart $restart" ] && while read -r word process _; do
    case $word in started) started=$process ;; launch) started=$brokers ;; asked) started='' ;; esac
  done; } <"${recordFile}"
  [ "$brokers" = "$started" ] || refuse ${exitCode.brokerRuns} "the broker runs as $brokers (pid:start), and this restart did not start it"
  fact brokers "$brokers"; runs_for; fact changed 0; fact evidence "the broker already runs as $brokers (pid:start)"
  return 0
fi
if command_works "$log"; then
  fact starting 1; fact changed 0; fact evidence "the start command still works as process $command_process (pid:start)"
  return 0
fi
${recorded(request)}
[ -r "$config" ] || refuse ${exitCode.propertiesUnreadable} "$config cannot be read"
${checkReleaseSteps}${fileSteps(request)}
${switchReleaseSteps}
if find_brokers; then refuse ${exitCode.brokerRuns} "somebody else started the broker as $brokers (pid:start) while release and file were changed"; fi
in_record launch ${request.aim} ${request.version}
${launch(request.service)}
read_clock
began=$uptime
detached "$log" start_broker
until find_brokers; do
  if command_exit "$log"; then
    [ "$code" = 0 ] || refuse ${exitCode.startFailed} "the start command ended with $code: $(tail -c 1500 "$log")"
  fi
  read_clock
  if [ $((uptime - began)) -ge ${START_LOOK} ]; then
    fact starting 1; fact changed 1; fact evidence "\${file_evidence-}\${link_evidence}; the start command was given"
    return 0
  fi
  sleep 0.05
done
${refuseOlder}
in_record started "$brokers"
fact brokers "$brokers"; runs_for; fact changed 1; fact evidence "\${file_evidence-}\${link_evidence}; started, the broker runs as $brokers (pid:start)"
`;

/** How long a start command that has ended well may go without a process (hundredths of a second). */
const NO_PROCESS_LIMIT = 500;

/**
 * What a restart is at: `brokers`; `starting=1` while the start command works or has only just ended; `start_exit` and
 * `start_log` (base64) of a start that brought up nothing; `record` (base64), `version` behind the link, `sha256` of the
 * file. It reads only.
 */
export const restartLookScript = (paths: { state: string; config: string; current: string }): string => `
${shellAssignments(paths)}
${processLibrary}${releaseLibrary}${detachedLibrary}
log=$state/start.log
find_brokers
fact brokers "$brokers"
if [ -z "$brokers" ]; then
  if command_works "$log"; then fact starting 1
  elif command_exit "$log"; then
    fact start_exit "$code"
    ended=$(stat -c %Y -- "$log.exit") now=$(date +%s)
    [ "$code" = 0 ] && [ $(((now - ended) * 100)) -lt ${NO_PROCESS_LIMIT} ] && fact starting 1
    fact_base64 start_log <<LOG
$(tail -c 1500 "$log")
LOG
  fi
fi
[ -r "${recordFile}" ] && fact_base64 record <"${recordFile}"
fact version "$(release_version "$current")"
[ -f "$config" ] && [ -r "$config" ] && fact sha256 "$(sha256_of "$config")"
return 0
`;
