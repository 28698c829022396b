import { kafkaTools, type KafkaTool } from './kafka-tools';
import type { KafkaRelease } from './kafka-release';
import { runClassScript, scriptHeader } from './kafka-run-class';

/**
 * The texts of `bin/*.sh` for a release, by file name. A tool whose class is not among `classes` (all classes in the
 * release's jars) gets no script, so that every script there is can run.
 */
export function kafkaScripts(release: KafkaRelease, classes: ReadonlySet<string>): Map<string, string> {
  const scripts = new Map<string, string>([
    ['kafka-run-class.sh', runClassScript(release)],
    ['kafka-server-start.sh', serverStart(release)],
    ['kafka-server-stop.sh', release.stopsByNode ? selectiveStop(release) : plainStop(release, kafkaProcess)],
  ]);
  if (release.hasZooKeeper) {
    scripts.set('zookeeper-server-start.sh', zooKeeperStart(release));
    scripts.set('zookeeper-server-stop.sh', plainStop(release, zooKeeperProcess));
  }
  for (const tool of kafkaTools) {
    const mainClass = tool.mainClasses.find((name) => classes.has(name));
    if (mainClass !== undefined) scripts.set(`${tool.script}.sh`, toolScript(release, tool, mainClass));
  }
  return scripts;
}

function toolScript(release: KafkaRelease, tool: KafkaTool, mainClass: string): string {
  const heap = tool.heap === undefined ? '' : `export KAFKA_HEAP_OPTS="\${KAFKA_HEAP_OPTS:-${tool.heap}}"\n`;
  const leading = tool.leadingArguments === undefined ? '' : ` ${tool.leadingArguments}`;
  return `${scriptHeader(release, `runs ${mainClass}.`)}
${heap}exec "$(dirname "$0")/kafka-run-class.sh" ${mainClass}${leading} "$@"
`;
}

interface ServerLaunch {
  usage: string;
  heap: string;
  name: string;
  mainClass: string;
}

function serverStart(release: KafkaRelease): string {
  const usage = 'USAGE: $0 [-daemon] server.properties [--override property=value]*';
  const launch = { usage, heap: '-Xmx1G -Xms1G', name: 'kafkaServer', mainClass: 'kafka.Kafka' };
  return (
    scriptHeader(release, 'starts a Kafka server, in the foreground unless -daemon is given.') + start(release, launch)
  );
}

function zooKeeperStart(release: KafkaRelease): string {
  const mainClass = 'org.apache.zookeeper.server.quorum.QuorumPeerMain';
  const usage = 'USAGE: $0 [-daemon] zookeeper.properties';
  const launch = { usage, heap: '-Xmx512M -Xms512M', name: 'zookeeper', mainClass };
  return scriptHeader(release, 'starts a ZooKeeper server.') + start(release, launch);
}

function start(release: KafkaRelease, launch: ServerLaunch): string {
  const log4j = release.usesLog4j2
    ? '-Dlog4j2.configurationFile=$bin/../config/log4j2.yaml'
    : '-Dlog4j.configuration=file:$bin/../config/log4j.properties';
  return `
if [ $# -lt 1 ]; then
  echo "${launch.usage}"
  exit 1
fi
bin="$(dirname "$0")"
export KAFKA_LOG4J_OPTS="\${KAFKA_LOG4J_OPTS:-${log4j}}"
export KAFKA_HEAP_OPTS="\${KAFKA_HEAP_OPTS:-${launch.heap}}"
extra="\${EXTRA_ARGS--name ${launch.name} -loggc}"
if [ "$1" = -daemon ]; then
  extra="-daemon $extra"
  shift
fi
exec "$bin/kafka-run-class.sh" $extra ${launch.mainClass} "$@"
`;
}

interface ServerProcess {
  purpose: string;
  /** Extended regular expression for the command line. */
  pattern: string;
  missing: string;
}

const kafkaProcess: ServerProcess = {
  purpose: 'asks every Kafka server of this host to stop, and returns at once.',
  pattern: 'java .*[ ]kafka\\.Kafka[ ]',
  missing: 'No kafka server to stop',
};

const zooKeeperProcess: ServerProcess = {
  purpose: 'asks every ZooKeeper server of this host to stop, and returns at once.',
  pattern: 'java .*[ ]org\\.apache\\.zookeeper\\.server\\.quorum\\.QuorumPeerMain[ ]',
  missing: 'No zookeeper server to stop',
};

/** `[ ]` in the patterns keeps grep from finding itself in the process list. */
const listProcesses = (pattern: string): string => `ps ax -ww -o pid= -o args= | grep -E '${pattern}'`;

function plainStop(release: KafkaRelease, target: ServerProcess): string {
  return `${scriptHeader(release, target.purpose)}
pids=$(${listProcesses(target.pattern)} | awk '{print $1}')
if [ -z "$pids" ]; then
  echo "${target.missing}"
  exit 1
fi
kill -s "\${SIGNAL:-TERM}" $pids
`;
}

function selectiveStop(release: KafkaRelease): string {
  const purpose = 'asks the Kafka servers of this host, or those of one role or node id, to stop, and returns at once.';
  return `${scriptHeader(release, purpose)}
role=
node=
while [ $# -gt 0 ]; do
  case "$1" in
    --process-role=*) role="\${1#*=}"; shift ;;
    --process-role) role="$2"; shift; [ $# -gt 0 ] && shift ;;
    --node-id=*) node="\${1#*=}"; shift ;;
    --node-id) node="$2"; shift; [ $# -gt 0 ] && shift ;;
    *) echo "USAGE: $0 [--process-role=role | --node-id=id]"; exit 1 ;;
  esac
done

# property FILE KEY: the last value of a key in a properties file.
property() {
  sed -n "s/^[[:space:]]*$2[[:space:]]*=[[:space:]]*//p" "$1" 2>/dev/null | tail -n 1 | tr -d '[:space:]'
}

# wanted PID FILE: whether this server is meant; a relative file is looked up where the server was started.
wanted() {
  local file="$2"
  case "$file" in /*) ;; *) file="/proc/$1/cwd/$file" ;; esac
  if [ -n "$node" ]; then [ "$(property "$file" 'node\\.id')" = "$node" ]; return; fi
  if [ -n "$role" ]; then [ "$(property "$file" 'process\\.roles')" = "$role" ]; return; fi
}

servers=$(${listProcesses(kafkaProcess.pattern)})
if [ -z "$servers" ]; then
  echo "${kafkaProcess.missing}"
  exit 1
fi
pids=
while read -r pid line; do
  file=\${line##* kafka.Kafka }
  if wanted "$pid" "\${file%% *}"; then pids="$pids $pid"; fi
done <<< "$servers"
if [ -z "$pids" ]; then
  echo "No kafka server with \${node:+node id $node}\${role:+process role $role} to stop"
  exit 1
fi
kill -s "\${SIGNAL:-TERM}" $pids
`;
}
