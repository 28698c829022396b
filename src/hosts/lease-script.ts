import { exitCode } from './exit-code';

/**
 * The rules of src/domain/lease.ts in POSIX shell. `judge_lease` compares the variables `st_*` (stored) with `in_*`
 * (incoming) and returns 0 (accepted) or the exit code of the refusal.
 */
export const judgeLeaseScript = `
newer_or_same() {
  [ "$in_epoch" -gt "$st_epoch" ] && return 0
  [ "$in_epoch" -lt "$st_epoch" ] && return 1
  [ "$in_step" -gt "$st_step" ] && return 0
  [ "$in_step" -lt "$st_step" ] && return 1
  [ "$in_attempt" -ge "$st_attempt" ]
}
judge_lease() {
  if [ "$st_clusterId" = "$in_clusterId" ] && [ "$st_owner" = "$in_owner" ] && [ "$st_runId" = "$in_runId" ]; then
    newer_or_same && return 0
    return ${exitCode.leaseStale}
  fi
  if [ "$st_held" = 1 ] && [ "$st_clusterId" != "$in_clusterId" ]; then return ${exitCode.leaseHeld}; fi
  if [ "$st_held" = 1 ] && [ "$st_owner" != "$in_owner" ] && [ "$take_over" = 0 ]; then return ${exitCode.leaseHeld}; fi
  [ "$in_epoch" -gt "$st_epoch" ] && return 0
  [ "$st_held" = 1 ] && return ${exitCode.leaseHeld}
  return ${exitCode.leaseStale}
}
`;

/** `load_lease FILE` reads a lease file into `st_*`; it returns the exit code for an unreadable one. */
export const loadLeaseScript = `
whole_number() { case $1 in '' | *[!0-9]* | ????????????????*) return 1 ;; esac; }
load_lease() {
  st_epoch='' st_step='' st_attempt='' st_held='' st_clusterId='' st_owner='' st_runId=''
  while IFS= read -r line; do
    value=\${line#*=}
    case $line in
      epoch=*) st_epoch=$value ;;
      step=*) st_step=$value ;;
      attempt=*) st_attempt=$value ;;
      held=*) st_held=$value ;;
      clusterId=*) st_clusterId=$value ;;
      owner=*) st_owner=$value ;;
      runId=*) st_runId=$value ;;
    esac
  done <"$1" || return ${exitCode.leaseUnreadable}
  whole_number "$st_epoch" && whole_number "$st_step" && whole_number "$st_attempt" || return ${exitCode.leaseUnreadable}
  case $st_held in 0 | 1) ;; *) return ${exitCode.leaseUnreadable} ;; esac
  [ -n "$st_clusterId" ] && [ -n "$st_owner" ] && [ -n "$st_runId" ] || return ${exitCode.leaseUnreadable}
}
`;
