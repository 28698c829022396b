import { exitCode } from './exit-code';

/** Where the record of a restart lies; see domain/restart/restart-record.ts for its lines. */
export const recordFile = '$state/restart';

/**
 * `in_record WORDS…` appends one line to the record of restart `$restart`, durably; the record of an earlier restart is
 * replaced. Only under the lock.
 */
export const recordLibrary = `
in_record() {
  first=''
  [ -e "${recordFile}" ] && read -r first <"${recordFile}"
  if [ "$first" != "restart $restart" ]; then
    (umask 077 && printf 'restart %s\\n' "$restart" >"${recordFile}.new") && mv -f -- "${recordFile}.new" "${recordFile}" ||
      refuse ${exitCode.stateUnusable} "${recordFile} cannot be written"
  fi
  printf '%s\\n' "$*" >>"${recordFile}" && to_disk "${recordFile}" || refuse ${exitCode.stateUnusable} "${recordFile} cannot be written"
}
`;

/**
 * `detached LOG COMMAND…` runs a command in the background, out of the reach of this shell's end: own session, no lock, no
 * channel. LOG gets its output, LOG.exit its exit code, LOG.pid itself as PID:TICKS. `command_works LOG` and
 * `command_exit LOG` (sets `code`) tell what became of it.
 */
export const detachedLibrary = `
own_session() { if command -v setsid >/dev/null 2>&1; then setsid "$@"; else "$@"; fi; }
detached() {
  log=$1
  shift
  rm -f -- "$log.exit" "$log.pid"
  ( cd / && "$@"; printf '%s\\n' "$?" >"$log.exit" ) </dev/null >"$log" 2>&1 9>&- &
  background=$!
  read_stat "$background" && printf '%s:%s\\n' "$background" "$proc_ticks" >"$log.pid"
}
command_exit() { [ -s "$1.exit" ] && read -r code <"$1.exit"; }
command_works() {
  [ -s "$1.pid" ] && [ ! -s "$1.exit" ] && read -r command_process <"$1.pid" && is_alive "\${command_process%:*}" "\${command_process#*:}"
}
`;
