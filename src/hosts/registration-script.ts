import type { NodeId, RegisteredNodes } from '../domain/cluster/cluster';
import { shellAssignments, shellQuote } from '../ssh/shell-quote';

/** Where to look, and with which release's tool. */
export interface RegistrationRequest {
  /** The directory that holds `__cluster_metadata-0`. */
  metadataDirectory: string;
  current: string;
  javaHome: string | null;
}

/**
 * Prints the registrations in the metadata log, oldest first: the newest snapshot, then the segments from there on, read
 * by Kafka's own decoder. It reads files only, so the controller may run. Everything else in the log stays on the host.
 */
export const registrationScript = (request: RegistrationRequest): string => `
${shellAssignments({ current: request.current, log: `${request.metadataDirectory}/__cluster_metadata-0` })}
unset JMX_PORT KAFKA_OPTS KAFKA_LOG4J_OPTS KAFKA_GC_LOG_OPTS
${request.javaHome === null ? '' : `export JAVA_HOME=${shellQuote(request.javaHome)}`}
export KAFKA_HEAP_OPTS=-Xmx256m KAFKA_JMX_OPTS=-Djava.awt.headless=true
export KAFKA_JVM_PERFORMANCE_OPTS='-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto'
[ -d "$log" ] || refuse 1 "$log is not there"
snapshot='' first=00000000000000000000
for file in "$log"/*-*.checkpoint; do [ -f "$file" ] && snapshot=$file; done
if [ -n "$snapshot" ]; then first=\${snapshot##*/} first=\${first%%-*}; fi
files=$snapshot last=''
for file in "$log"/*.log; do
  [ -f "$file" ] || continue
  name=\${file##*/} name=\${name%.log}
  # A segment holds everything up to the next one's name.
  if [ "$name" \> "$first" ]; then [ -n "$last" ] && files="$files,$last" && last=''; files="$files,$file"; else last=$file; fi
done
[ -n "$last" ] && files="$files,$last"
files=\${files#,}
dump() {
  if [ -x "$current/bin/kafka-dump-log.sh" ]; then "$current/bin/kafka-dump-log.sh" "$@"; return; fi
  class=kafka.tools.DumpLogSegments
  for jar in "$current"/libs/kafka-tools-[4-9]*.jar; do [ -f "$jar" ] && class=org.apache.kafka.tools.DumpLogSegments; done
  "$current/bin/kafka-run-class.sh" "$class" "$@"
}
dump --cluster-metadata-decoder --files "$files" 2>&1 </dev/null |
  grep -oE '"type":"(UN)?REGISTER_(BROKER|CONTROLLER)_RECORD".{0,80}' | fact_base64 registrations
return 0
`;

/**
 * Prints `snapshot=OFFSET`: where the newest snapshot of the metadata log ends, by its file's name; nothing without one.
 */
export const newestSnapshotScript = (metadataDirectory: string): string => `
${shellAssignments({ log: `${metadataDirectory}/__cluster_metadata-0` })}
snapshot=''
for file in "$log"/*-*.checkpoint; do [ -f "$file" ] && snapshot=$file; done
if [ -n "$snapshot" ]; then snapshot=\${snapshot##*/}; fact snapshot "\${snapshot%%-*}"; fi
return 0
`;

const idIn = (line: string): NodeId | null => {
  const id = /"(?:brokerId|controllerId)":(\d+)/.exec(line)?.[1];
  return id === undefined ? null : Number(id);
};

/** Who is registered after all these records, in their order. */
export const parseRegistrations = (text: string): RegisteredNodes => {
  const brokers = new Set<NodeId>();
  const controllers = new Set<NodeId>();
  for (const line of text.split('\n')) {
    const id = idIn(line);
    if (id === null) continue;
    const nodes = line.includes('_CONTROLLER_RECORD') ? controllers : brokers;
    if (line.includes('"UNREGISTER_')) nodes.delete(id);
    else nodes.add(id);
  }
  const sorted = (nodes: Set<NodeId>): NodeId[] => [...nodes].sort((a, b) => a - b);
  return { brokers: sorted(brokers), controllers: sorted(controllers) };
};
