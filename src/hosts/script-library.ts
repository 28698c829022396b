import { exitCode } from './exit-code';

/**
 * The shell functions that every remote script may use; POSIX sh (dash, bash, busybox) on Linux with GNU coreutils.
 * A script reports with `fact NAME VALUE`; everything else that runs in it writes to stderr, never to stdout.
 */
export const scriptLibrary = `
fact() { printf '%s=%s\\n' "$1" "$2"; }
fact_base64() { printf '%s=' "$1"; base64 | tr -d '\\n'; echo; }
refuse() { code=$1; shift; printf '%s\\n' "$*" >&2; exit "$code"; }
need() {
  for tool in "$@"; do
    command -v "$tool" >/dev/null 2>&1 || refuse ${exitCode.toolMissing} "the command $tool is missing on this host: install it"
  done
}
sha256_of() { sha256sum <"$1" | { read -r sum _; printf '%s' "$sum"; }; }
to_disk() { sync "$@" 2>/dev/null || sync; }
`;

/**
 * Sets `proc_state`, `proc_parent` and `proc_ticks` from /proc/PID/stat; returns 1 when there is no such process.
 * The command name in field 2 may hold spaces, parentheses and line ends: fields are counted after its last `)`.
 */
const processStat = `
read_stat() {
  stat_text=''
  { while IFS= read -r line; do stat_text="$stat_text$line "; done <"/proc/$1/stat"; } 2>/dev/null || return 1
  set -f
  set -- \${stat_text##*) }
  set +f
  proc_state=$1 proc_parent=$2
  proc_ticks=\${20-}
  [ -n "$proc_ticks" ]
}
is_alive() {
  read_stat "$1" || return 1
  case $proc_state in Z | X | x) return 1 ;; esac
  [ "$proc_ticks" = "$2" ]
}
`;

/**
 * `is_broker PID` is true for a java process with the main class kafka.Kafka and our properties file among its
 * arguments. The wrapper scripts have these arguments, too, for a moment: that is why the program must be java.
 */
const brokerSearch = `
is_broker() {
  tr '\\000' '\\n' <"/proc/$1/cmdline" 2>/dev/null | {
    IFS= read -r program || exit 1
    [ "\${program##*/}" = java ] || exit 1
    main_seen=0
    while IFS= read -r argument; do
      if [ "$main_seen" = 0 ]; then
        [ "$argument" = kafka.Kafka ] && main_seen=1
        continue
      fi
      case $argument in
        "$config" | "$config_real") exit 0 ;;
        -*) continue ;;
        /*) path=$argument ;;
        *) path=/proc/$1/cwd/$argument ;;
      esac
      [ "\${argument##*/}" = "\${config##*/}" ] || [ -L "$path" ] || continue
      [ "$(readlink -f -- "$path" 2>/dev/null)" = "$config_real" ] && exit 0
    done
    exit 1
  }
}
find_brokers() {
  config_real=$(readlink -f -- "$config" 2>/dev/null)
  [ -n "$config_real" ] || config_real=$config
  brokers=''
  for file in $(grep -lF kafka.Kafka /proc/[0-9]*/cmdline 2>/dev/null); do
    candidate=\${file#/proc/} candidate=\${candidate%/cmdline}
    is_broker "$candidate" && read_stat "$candidate" && [ "$proc_state" != Z ] && brokers="$brokers $candidate:$proc_ticks"
  done
  case $brokers in ' '*' '*) without_forks ;; esac
  brokers=\${brokers# }
  [ -n "$brokers" ]
}
# A process that a broker forks looks like the broker until it executes something else.
without_forks() {
  found=$brokers brokers=''
  for entry in $found; do
    read_stat "\${entry%%:*}" || continue
    case "$found" in *" $proc_parent:"*) continue ;; esac
    brokers="$brokers $entry"
  done
}
`;

/** `read_stat`, `is_alive PID TICKS`, `is_broker PID`, `find_brokers` (needs `config`; sets `brokers` to `pid:ticks …`). */
export const processLibrary = processStat + brokerSearch;

/** `read_clock` sets `boot_id` and `uptime` (centiseconds since boot), without starting a process. */
export const clockLibrary = `
read_clock() {
  read -r boot_id </proc/sys/kernel/random/boot_id
  read -r uptime _ </proc/uptime
  hundredths=\${uptime#*.}
  uptime=$((\${uptime%.*} * 100 + 1$hundredths - 100))
}
`;

/** `release_version DIRECTORY` prints the version in the name of libs/kafka_SCALA-VERSION.jar; 1 when there is none. */
export const releaseLibrary = `
release_version() {
  for jar in "$1"/libs/kafka_*-*.jar; do
    case $jar in *-sources.jar | *-javadoc.jar | *-scaladoc.jar | *-test.jar | *-tests.jar) continue ;; esac
    [ -f "$jar" ] || continue
    jar=\${jar##*/} jar=\${jar#kafka_*-}
    printf '%s' "\${jar%.jar}"
    return 0
  done
  return 1
}
`;
