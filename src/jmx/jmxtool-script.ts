import { shellAssignments, shellQuote } from '../ssh/shell-quote';

/** Which JmxTool to run, against which port. */
export interface JmxToolTarget {
  /** The release link; its scripts bring the tool. */
  current: string;
  /** `host:port` as seen on the host itself. */
  jmx: string;
  /** JAVA_HOME of the service, or null for the host's own. */
  javaHome: string | null;
}

/**
 * `jmx_tool ARGUMENTS…` becomes a JmxTool with a small, quickly started JVM. JMX_PORT must be unset, else the tool
 * would try to open the broker's port itself; KAFKA_JMX_OPTS gets a harmless value, because Kafka's script would start
 * a management agent when it is empty. The class is the newer one where the release has it (3.5 on).
 */
const jmxTool = (target: JmxToolTarget): string => `
${shellAssignments({ current: target.current })}
unset JMX_PORT KAFKA_OPTS KAFKA_LOG4J_OPTS KAFKA_GC_LOG_OPTS
${target.javaHome === null ? '' : `export JAVA_HOME=${shellQuote(target.javaHome)}`}
export KAFKA_HEAP_OPTS=-Xmx64m KAFKA_JMX_OPTS=-Djava.awt.headless=true
export KAFKA_JVM_PERFORMANCE_OPTS='-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto'
jmx_tool() {
  if [ -x "$current/bin/kafka-jmx.sh" ]; then exec "$current/bin/kafka-jmx.sh" "$@"; fi
  class=kafka.tools.JmxTool
  for jar in "$current"/libs/kafka-tools-3.[5-9]*.jar "$current"/libs/kafka-tools-[4-9]*.jar; do
    [ -f "$jar" ] && class=org.apache.kafka.tools.JmxTool
  done
  exec "$current/bin/kafka-run-class.sh" "$class" "$@"
}
`;

const toolArguments = (target: JmxToolTarget, beans: string[]): string => {
  const url = `service:jmx:rmi:///jndi/rmi://${target.jmx}/jmxrmi`;
  return ['--jmx-url', url, ...beans.flatMap((bean) => ['--object-name', bean])].map(shellQuote).join(' ');
};

/** How often a row is wanted (ms): between two polls of a gate, and it costs a broker nothing to answer. */
const REPORTING_INTERVAL_MS = 100;

/**
 * A JmxTool that is kept running, as input for `sh -s` whose input then stays open: when that input ends, because the
 * stream was closed, the connection was lost or the worker died, the loop and its JVM are ended, too. A tool that ends
 * (the broker is away) is started again at once, but at most once a second, so that a fresh JVM is already trying to
 * connect while the broker boots.
 */
export const jmxLoopScript = (target: JmxToolTarget, beans: string[]): string => `main() {
${jmxTool(target)}
uptime() { read -r seconds _ </proc/uptime; seconds=\${seconds%.*}; }
keep_running() {
  # $! is the newest child from the moment it exists: no child can slip through between its start and a signal.
  trap 'kill "$!" 2>/dev/null; exit 0' TERM
  while :; do
    uptime; began=$seconds
    (jmx_tool ${toolArguments(target, beans)} --reporting-interval ${REPORTING_INTERVAL_MS} --wait) </dev/null &
    wait "$!"
    echo "JmxTool ended with $?" >&2
    uptime
    if [ "$((seconds - began))" -lt 1 ]; then sleep 1 & wait "$!"; fi
  done
}
keep_running &
loop=$!
while read -r _; do :; done
kill "$loop"
wait "$loop"
exit 0
}
main
`;

/** JmxTool once, with every bean that matches one of the patterns, as input for `sh -s`. */
export const jmxOnceScript = (target: JmxToolTarget, patterns: string[]): string => `main() {
${jmxTool(target)}
jmx_tool ${toolArguments(target, patterns)} --one-time true
}
main </dev/null
`;
