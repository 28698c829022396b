import type { KafkaRelease } from './kafka-release';

/** First lines of every generated script. */
export function scriptHeader(release: KafkaRelease, purpose: string): string {
  return `#!/bin/bash
# Kafka ${release.version}: ${purpose}
# Generated; takes the arguments and environment variables of the script of this name in Kafka's own distribution.
`;
}

/**
 * The text of kafka-run-class.sh: finds the class path, puts the JVM options together from the KAFKA_* variables and
 * becomes the JVM, or with -daemon starts it in the background with its console in LOG_DIR.
 */
export function runClassScript(release: KafkaRelease): string {
  return [
    scriptHeader(release, 'runs a Java class with the release on its class path.'),
    argumentsPart,
    classPathPart,
    release.usesLog4j2 ? log4j2Part : log4j1Part,
    jvmPart,
    launchPart,
  ].join('\n');
}

const argumentsPart = `if [ $# -lt 1 ]; then
  echo "USAGE: $0 [-daemon] [-name servicename] [-loggc] classname [opts]"
  exit 1
fi

daemon=no
gc_log=no
name=kafka
while [ $# -gt 0 ]; do
  case "$1" in
    -daemon) daemon=yes; shift ;;
    -loggc) [ -n "$KAFKA_GC_LOG_OPTS" ] || gc_log=yes; shift ;;
    -name) name="$2"; shift 2 ;;
    *) break ;;
  esac
done
`;

const classPathPart = `base_dir="$(dirname "$0")/.."
class_path="$CLASSPATH"
for jar in "$base_dir"/libs/*.jar; do
  class_path="$class_path:$jar"
done
class_path="\${class_path#:}"
`;

const log4j1Part = `LOG_DIR="\${LOG_DIR:-$base_dir/logs}"
if [ -z "$KAFKA_LOG4J_OPTS" ]; then
  # A tool: to the console, so no log directory is needed.
  log4j_options="-Dlog4j.configuration=file:$base_dir/config/tools-log4j.properties"
else
  log4j_options="$KAFKA_LOG4J_OPTS"
  mkdir -p "$LOG_DIR"
fi
log4j_options="-Dkafka.logs.dir=$LOG_DIR $log4j_options"
`;

const log4j2Part = `LOG_DIR="\${LOG_DIR:-$base_dir/logs}"
if [ -z "$KAFKA_LOG4J_OPTS" ]; then
  # A tool: to the console, so no log directory is needed.
  log4j_options="-Dlog4j2.configurationFile=$base_dir/config/tools-log4j2.yaml"
else
  log4j_options="$KAFKA_LOG4J_OPTS"
  mkdir -p "$LOG_DIR"
  if [[ "$KAFKA_LOG4J_OPTS" =~ log4j\\.[^[:space:]]+\\.(properties|xml)($|[[:space:]]) ]]; then
    # A log4j 1 file, kept from a release before 4.0, is read through log4j2's bridge.
    export LOG4J_COMPATIBILITY=true
    echo "DEPRECATED: a log4j 1 configuration is still in use; move to log4j2 ($base_dir/config/log4j2.yaml)" >&2
  fi
fi
log4j_options="-Dkafka.logs.dir=$LOG_DIR $log4j_options"
`;

const jvmPart = `if [ -n "$JAVA_HOME" ]; then java="$JAVA_HOME/bin/java"; else java=java; fi

if [ -z "$KAFKA_JMX_OPTS" ]; then
  KAFKA_JMX_OPTS="-Dcom.sun.management.jmxremote -Dcom.sun.management.jmxremote.authenticate=false -Dcom.sun.management.jmxremote.ssl=false"
fi
if [ -n "$JMX_PORT" ]; then
  KAFKA_JMX_OPTS="$KAFKA_JMX_OPTS -Dcom.sun.management.jmxremote.port=$JMX_PORT"
  case "$KAFKA_JMX_OPTS" in
    *-Dcom.sun.management.jmxremote.rmi.port=*) ;;
    *) KAFKA_JMX_OPTS="$KAFKA_JMX_OPTS -Dcom.sun.management.jmxremote.rmi.port=$JMX_PORT" ;;
  esac
fi

KAFKA_HEAP_OPTS="\${KAFKA_HEAP_OPTS:--Xmx256M}"
if [ -z "$KAFKA_JVM_PERFORMANCE_OPTS" ]; then
  KAFKA_JVM_PERFORMANCE_OPTS="-server -XX:+UseG1GC -XX:MaxGCPauseMillis=20 -XX:InitiatingHeapOccupancyPercent=35"
  KAFKA_JVM_PERFORMANCE_OPTS="$KAFKA_JVM_PERFORMANCE_OPTS -XX:+ExplicitGCInvokesConcurrent -Djava.awt.headless=true"
fi
if [ "$gc_log" = yes ]; then
  mkdir -p "$LOG_DIR"
  KAFKA_GC_LOG_OPTS="-Xlog:gc*:file=$LOG_DIR/$name-gc.log:time,tags:filecount=10,filesize=100M"
fi
`;

/** The option variables are split at spaces on purpose: each holds several options. */
const launchPart = `options=($KAFKA_HEAP_OPTS $KAFKA_JVM_PERFORMANCE_OPTS $KAFKA_GC_LOG_OPTS $KAFKA_JMX_OPTS $log4j_options)
if [ "$daemon" = yes ]; then
  mkdir -p "$LOG_DIR"
  nohup "$java" "\${options[@]}" -cp "$class_path" $KAFKA_OPTS "$@" > "$LOG_DIR/$name.out" 2>&1 < /dev/null &
else
  exec "$java" "\${options[@]}" -cp "$class_path" $KAFKA_OPTS "$@"
fi
`;
