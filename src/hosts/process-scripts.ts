import type { LoggingDefinition, ServiceDefinition } from '../config/definition';
import type { BrokerProcess, HostClock } from '../domain/cluster/cluster';
import { shellAssignments, shellQuote } from '../ssh/shell-quote';
import { exitCode } from './exit-code';
import { clockLibrary, processLibrary, releaseLibrary } from './script-library';

/** A start gives up looking for the process after 100 polls of 50 ms; a broker's JVM is there within 0.2 s. */
const START_POLLS = 100;
/** An operator's stop command may wait for the broker (systemctl does): after 2 s it goes on without us. */
const STOP_COMMAND_POLLS = 40;

/** Prints `clock=BOOT_ID CENTISECONDS`. */
export const clockScript = `${clockLibrary}\nread_clock\nfact clock "$boot_id $uptime"`;

/** Prints `brokers=PID:TICKS …`, empty when none runs. */
export const findProcessScript = (config: string): string =>
  [shellAssignments({ config }), processLibrary, 'find_brokers', 'fact brokers "$brokers"'].join('\n');

/**
 * Waits for the end of one process, 50 ms a poll; prints `gone=1` or `gone=0`. The line every two seconds is a sign of
 * life, and ends this loop by SIGPIPE when nobody listens any more.
 */
export const awaitExitScript = (process: BrokerProcess, timeoutMs: number): string => `
${clockLibrary}${processLibrary}
pid=${process.pid} ticks=${process.startTicks}
read_clock
began=$uptime
told=$uptime
while is_alive "$pid" "$ticks"; do
  read_clock
  if [ $((uptime - began)) -ge ${Math.ceil(timeoutMs / 10)} ]; then fact gone 0; return 0; fi
  if [ $((uptime - told)) -ge 200 ]; then told=$uptime; fact waiting $(((uptime - began) / 100)); fi
  sleep 0.05
done
fact gone 1
`;

/** Runs in the background, out of the reach of this shell's end: own session, no lock, no channel. */
const detached = (command: string, log: string): string =>
  `( cd / && ${command}; printf '%s\\n' "$?" >"${log}.exit" ) </dev/null >"${log}" 2>&1 9>&- &`;

const outOfSession = `
own_session() { if command -v setsid >/dev/null 2>&1; then setsid "$@"; else "$@"; fi; }
command_exit() { [ -s "$1.exit" ] && read -r code <"$1.exit"; }
`;

/** Whose stop was asked for since the last start, as `PID:TICKS`: known on the host, whoever asked has died meanwhile. */
const stopMark = '$state/stop-asked';

/** Prints `asked=PID:TICKS` when a stop was asked for since the last start. */
export const stopAskedScript = (state: string): string => `${shellAssignments({ state })}
if [ -e "${stopMark}" ]; then fact asked "$(cat "${stopMark}")"; fi`;

const markStop = `
not_asked() { rm -f -- "${stopMark}"; refuse "$@"; }
printf '%s:%s\n' "$pid" "$ticks" >"${stopMark}" || refuse ${exitCode.stateUnusable} "${stopMark} cannot be written"
`;

const stopCommand = (service: ServiceDefinition): string => {
  if (service.type === 'scripts') {
    return `kill -TERM "$pid" || not_asked ${exitCode.serviceCommandFailed} "process $pid could not be signalled"
fact evidence "sent SIGTERM to process $pid"`;
  }
  return `rm -f -- "$log.exit"
${detached(`own_session sh -c ${shellQuote(service.stop)}`, '$log')}
polls=0
until command_exit "$log" || [ "$polls" -ge ${STOP_COMMAND_POLLS} ]; do sleep 0.05; polls=$((polls + 1)); done
if command_exit "$log"; then
  [ "$code" = 0 ] || not_asked ${exitCode.serviceCommandFailed} "the stop command ended with $code: $(tail -c 1000 "$log")"
  fact evidence "the stop command ended with 0 for process $pid"
else
  fact evidence "the stop command is still running for process $pid"
fi`;
};

/** What a stop needs to know to refuse itself. */
export interface StopRequest {
  config: string;
  service: ServiceDefinition;
  process: BrokerProcess;
  gateBegan: HostClock;
  maxGateAgeSeconds: number;
}

/** Stops exactly one process, unless the gate is too old by the host's own clock; the check is the last thing before. */
export const requestStopScript = (request: StopRequest): string => `
${shellAssignments({ config: request.config, gate_boot: request.gateBegan.bootId, pid: request.process.pid })}
${clockLibrary}${processLibrary}${outOfSession}
log=$state/stop.log
ticks=${request.process.startTicks}
if ! is_alive "$pid" "$ticks"; then
  if find_brokers; then refuse ${exitCode.otherProcess} "process $pid is gone, but the broker runs as $brokers (pid:start)"; fi
  fact changed 0
  fact evidence "process $pid was already gone"
  return 0
fi
config_real=$(readlink -f -- "$config")
is_broker "$pid" || refuse ${exitCode.otherProcess} "process $pid is not the broker of $config"
read_clock
[ "$boot_id" = "$gate_boot" ] || refuse ${exitCode.gateTooOld} "the host was started again since the gate was measured (boot $gate_boot, now $boot_id)"
age=$((uptime - ${Math.round(request.gateBegan.uptimeSeconds * 100)}))
if [ "$age" -gt ${Math.round(request.maxGateAgeSeconds * 100)} ] || [ "$age" -lt 0 ]; then
  refuse ${exitCode.gateTooOld} "the gate was measured $((age / 100)) s ago; the limit is ${request.maxGateAgeSeconds} s"
fi
${markStop}${stopCommand(request.service)}
fact changed 1
`;

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
  if (service.type === 'commands') return `own_session sh -c ${shellQuote(service.start)}`;
  const exports = Object.entries(service.environment).map(([name, value]) => `export ${name}=${shellQuote(value)} && `);
  return `${exports.join('')}own_session "$current/bin/kafka-server-start.sh" -daemon "$config"`;
};

/** What a start needs. */
export interface StartRequest {
  config: string;
  current: string;
  service: ServiceDefinition;
}

/** Starts the broker unless it runs; prints `brokers` and `changed`. The daemon must not inherit the lock. */
export const startScript = (request: StartRequest): string => `
${shellAssignments({ config: request.config, current: request.current })}
${processLibrary}${releaseLibrary}${outOfSession}
log=$state/start.log
if find_brokers; then
  fact brokers "$brokers"; fact changed 0; fact evidence "the broker already runs as $brokers (pid:start)"
  return 0
fi
[ -r "$config" ] || refuse ${exitCode.propertiesUnreadable} "$config cannot be read"
rm -f -- "$log.exit" "${stopMark}"
${request.service.type === 'scripts' ? loggingExport(request.service.logging) : ''}${detached(launch(request.service), '$log')}
polls=0
until find_brokers; do
  if command_exit "$log" && [ "$code" != 0 ]; then refuse ${exitCode.startFailed} "the start command ended with $code: $(tail -c 1500 "$log")"; fi
  [ "$polls" -lt ${START_POLLS} ] || refuse ${exitCode.startFailed} "no broker process for $config after 5 s: $(tail -c 1500 "$log")"
  sleep 0.05
  polls=$((polls + 1))
done
fact brokers "$brokers"; fact changed 1; fact evidence "started; the broker runs as $brokers (pid:start)"
`;
