import type { ServiceDefinition } from '../config/definition';
import type { BrokerProcess, HostClock } from '../domain/cluster/cluster';
import { shellAssignments, shellQuote } from '../ssh/shell-quote';
import { exitCode } from './exit-code';
import { logTailScript, stopTraceScript } from './look-scripts';
import { detachedLibrary, recordFile, recordLibrary } from './restart-record-script';
import { clockLibrary, processLibrary } from './script-library';

/** An operator's stop command may wait for the broker (systemctl does): after this it goes on without us (hundredths of a second). */
const STOP_COMMAND_LOOK = 200;

/**
 * A stop command may do its work and fail afterwards. What a JVM does is seen by its threads: the one that handles the signal,
 * and Kafka's shutdown hook. They are there within milliseconds; looked for during 0.3 s.
 */
const shutdownSigns = `
shuts_down() {
  for _ in 1 2 3 4 5 6; do
    is_alive "$pid" "$ticks" || return 0
    grep -qsx -e 'SIGTERM handler' -e 'kafka-shutdown-.*' "/proc/$pid/task"/*/comm && return 0
    sleep 0.05
  done
  return 1
}
`;

const stopCommand = (service: ServiceDefinition): string => {
  if (service.type === 'scripts') {
    return `kill -TERM "$pid" || not_asked ${exitCode.serviceCommandFailed} "process $pid could not be signalled"
fact evidence "sent SIGTERM to process $pid"`;
  }
  return `${shutdownSigns}detached "$log" own_session sh -c ${shellQuote(service.stop)}
began=$uptime
until command_exit "$log" || [ $((uptime - began)) -ge ${STOP_COMMAND_LOOK} ]; do
  is_alive "$pid" "$ticks" || break
  sleep 0.05
  read_clock
done
if command_exit "$log"; then
  if [ "$code" = 0 ]; then fact evidence "the stop command ended with 0 for process $pid"
  elif shuts_down; then
    fact evidence "the stop command ended with $code ($(tail -c 1000 "$log")), but process $pid shuts down"
  else not_asked ${exitCode.serviceCommandFailed} "the stop command ended with $code: $(tail -c 1000 "$log")"
  fi
else
  fact evidence "the stop command is still running for process $pid"
fi`;
};

/** What a stop needs to know to refuse itself. */
export interface StopRequest {
  /** Whose restart it is. */
  restart: string;
  config: string;
  service: ServiceDefinition;
  process: BrokerProcess;
  gateBegan: HostClock;
  maxGateAgeSeconds: number;
}

/**
 * Stops exactly one process, unless the gate is too old by the host's own clock; the check is the last thing before. That it
 * is asked for is in the record before it is: whoever takes over must not measure the gate of a node that goes down.
 */
export const requestStopScript = (request: StopRequest): string => `
${shellAssignments({ config: request.config, gate_boot: request.gateBegan.bootId, pid: request.process.pid })}
${shellAssignments({ restart: request.restart })}
${clockLibrary}${processLibrary}${detachedLibrary}${recordLibrary}
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
not_asked() { rm -f -- "${recordFile}"; refuse "$@"; }
in_record asked "$pid:$ticks" "$boot_id" "$uptime"
${stopCommand(request.service)}
fact changed 1
`;

/** A stop that is waited for. */
export interface StopWait {
  state: string;
  /** null when there is none any more: only the traces are read. */
  process: BrokerProcess | null;
  timeoutMs: number;
  logDirectories: readonly string[];
  /** Where the broker writes its log. */
  logs: string;
}

const exitWait = ({ process, timeoutMs }: StopWait): string =>
  process === null
    ? ''
    : `
pid=${process.pid} ticks=${process.startTicks}
began=$uptime
told=$uptime
while is_alive "$pid" "$ticks"; do
  read_clock
  if [ $((uptime - began)) -ge ${Math.ceil(timeoutMs / 10)} ]; then fact gone 0; still_there=1; break; fi
  if [ $((uptime - told)) -ge 200 ]; then told=$uptime; fact waiting $(((uptime - began) / 100)); fi
  sleep 0.02
done
read_clock
asked_at=''
while read -r word asked_process asked_boot asked_uptime; do
  [ "$word" = asked ] && [ "$asked_process" = "$pid:$ticks" ] && [ "$asked_boot" = "$boot_id" ] && asked_at=$asked_uptime
done <<RECORD
$(cat "${recordFile}" 2>/dev/null)
RECORD
[ -z "$asked_at" ] || fact stop_ms $(((uptime - asked_at) * 10))
`;

/**
 * Waits for the end of one process, 20 ms a poll; prints `gone=1` or `gone=0`, `stop_ms` since the stop was asked for, the
 * markers of a clean stop and the tail of the log. The line every two seconds is a sign of life, and ends this loop by
 * SIGPIPE when nobody listens any more.
 */
export const awaitStopScript = (wait: StopWait): string => `
${shellAssignments({ state: wait.state })}
${clockLibrary}${processLibrary}
still_there=0
read_clock
${exitWait(wait)}
[ "$still_there" = 1 ] || fact gone 1
${stopTraceScript([...wait.logDirectories])}
${logTailScript(wait.logs, 60)}
`;
