import type { ZooKeeperAddress } from '../domain/checks/zookeeper';
import { shellAssignments, shellQuote } from '../ssh/shell-quote';
import { readLeasesScript, readPropertiesScript } from './file-scripts';
import { processLibrary, releaseLibrary } from './script-library';

/** What a look at a host needs to know. */
export interface LookRequest {
  config: string;
  current: string;
  target: string;
  statePath: string;
  /** JAVA_HOME of the service's environment, or null: then the host's own. */
  javaHome: string | null;
  /** Logging configurations that a release may be started with. */
  loggingFiles: string[];
  /** The systemd unit that the stop command stops, null without one. */
  unit: string | null;
}

/** A server that does not answer `srvr` by then does not (s). */
const ZOOKEEPER_LIMIT_S = 3;

/** Agents that put files back, by the name of their process. */
const managerNames = 'puppet|puppet-agent|chef-client|cinc-client|salt-minion|cf-agent|cf-execd|cfe_agent';

/** The same when they run now and then, by the name of their command. */
const scheduledNames = 'puppet|chef-client|cinc-client|salt-call|cf-agent|ansible-pull';

/** `schedules=NAME:FILE …` of cron and of systemd's timers, which tell by their names; comments and unreadable files left out. */
const schedulesScript = `
fact schedules "$({
  grep -wHE '^[^#]*(${scheduledNames})' /etc/crontab /etc/cron.*/* /var/spool/cron/* /var/spool/cron/*/* 2>/dev/null
  for timer in /etc/systemd/system/*.wants/*.timer; do printf '%s:%s\\n' "$timer" "\${timer##*/}"; done
} | sed -nE 's/^([^:]*):[^#]*(${scheduledNames}).*/\\2:\\1/p' | sort -u | tr '\\n' ' ')"`;

/** The unit in a stop command like `sudo systemctl stop kafka`; null when it is another one. */
export const systemdUnit = (stop: string): string | null =>
  /(?:^|[\s/])systemctl\s+(?:-\S+\s+)*stop\s+(?:-\S+\s+)*([\w@:.\\-]+)/.exec(stop)?.[1] ?? null;

/** Space of the file system below each path, or below its nearest parent that exists: `disk_N=TOTAL AVAILABLE` (KiB). */
export const diskSpaceScript = (paths: readonly string[]): string =>
  paths
    .map(
      (path, index) => `
path=${shellQuote(path)}
until [ -e "$path" ] || [ "$path" = / ]; do path=\${path%/*}; path=\${path:-/}; done
df -Pk -- "$path" 2>/dev/null | { read -r _; read -r _ total _ available _ && fact disk_${index} "$total $available"; }`,
    )
    .join('\n');

/** What each ZooKeeper server says to `srvr`, which is allowed by default (4lw.commands.whitelist): `zookeeper_N=VERSION`. */
export const zooKeeperScript = (servers: readonly ZooKeeperAddress[]): string =>
  servers
    .map(({ host, port }, index) => {
      const ask = `exec 3<>/dev/tcp/${host}/${port} && printf srvr >&3 && head -n 1 <&3`;
      return `fact zookeeper_${index} "$(timeout ${ZOOKEEPER_LIMIT_S} bash -c ${shellQuote(ask)} 2>/dev/null | sed -n 's/^Zookeeper version: \\([0-9.]*\\).*/\\1/p')"`;
    })
    .join('\n');

/** What is in the release directory `$target`: `target_directory` when there is one, `target_version` when it has jars. */
const releaseAtTarget = `
if [ -d "$target" ]; then
  fact target_directory "$target"
  version=$(release_version "$target") && fact target_version "$version"
fi`;

/** The same of this directory alone; a release that is not there is an answer, not a failure. */
export const releaseScript = (target: string): string => `
${shellAssignments({ target })}
${releaseLibrary}${releaseAtTarget}
return 0
`;

/** Everything about a host in one round trip; see `HostFacts`. */
export const inspectScript = (request: LookRequest): string => `
${readPropertiesScript(request.config)}
${shellAssignments({ current: request.current, target: request.target })}
${request.javaHome === null ? '' : `JAVA_HOME=${shellQuote(request.javaHome)}`}
${processLibrary}${releaseLibrary}
fact hostname "$(uname -n)"
fact wall_clock "$(date +%s.%N)"
if link=$(readlink -- "$current"); then
  case $link in /*) ;; *) link=\${current%/*}/$link ;; esac
  fact current "$link"
fi
version=$(release_version "$current") && fact installed "$version"
${releaseAtTarget}
${request.loggingFiles.map((file, index) => `if [ -r ${shellQuote(file)} ]; then fact logging_${index} 1; else fact logging_${index} 0; fi`).join('\n')}
find_brokers
fact brokers "$brokers"
fact managers "$(cat /proc/[0-9]*/comm 2>/dev/null | grep -xE '${managerNames}' | sort -u | tr '\\n' ' ')"
${schedulesScript}
${request.unit === null ? '' : `command -v systemctl >/dev/null 2>&1 && fact stop_timeout "$(systemctl show -p TimeoutStopUSec --value -- ${shellQuote(request.unit)})"`}
${readLeasesScript(request.statePath)}
if [ -n "\${JAVA_HOME-}" ]; then java=$JAVA_HOME/bin/java; else java=java; fi
command -v "$java" >/dev/null 2>&1 && "$java" -version 2>&1 </dev/null | fact_base64 java
return 0
`;

/** Tail of the broker's own log, else of what it printed at its start. Bounded in bytes, too. */
export const logTailScript = (logs: string, lines: number): string => `
${shellAssignments({ logs })}
for file in "$logs/server.log" "$logs/kafkaServer.out"; do
  [ -s "$file" ] && [ -r "$file" ] || continue
  tail -n ${lines} -- "$file" | tail -c 32768 | fact_base64 log
  return 0
done
`;

/** Whether the marker of a clean stop is in each log directory: `marker_N=0|1`. */
export const stopTraceScript = (logDirectories: string[]): string =>
  logDirectories
    .map((directory, index) => {
      const marker = shellQuote(`${directory}/.kafka_cleanshutdown`);
      return `if [ -e ${marker} ]; then fact marker_${index} 1; else fact marker_${index} 0; fi`;
    })
    .join('\n');

/**
 * Runs an operator's command as it is, by the input of a shell of its own, so that its syntax errors are its own, too.
 * The host ends it a little after our own time limit: closing the channel would not end a command that is silent.
 */
export const probeScript = (command: string, timeoutMs: number): string => `
probe=${shellQuote(`main() {\n${command}\n}\nmain </dev/null\n`)}
output=$(printf '%s' "$probe" | timeout -k 5 ${Math.ceil(timeoutMs / 1000) + 1} sh -s 2>&1)
fact exit "$?"
printf '%s' "$output" | tail -c 16384 | fact_base64 output
`;
