import { shellAssignments } from '../ssh/shell-quote';
import { exitCode } from './exit-code';

/**
 * Prints one line for each backup of server.properties: `backup_N=DATE RECORDED FOUND LABEL`. A backup is complete when its
 * checksum file is there (it is written last), so DATE is that file's: seconds since the epoch.
 */
export const listBackupsScript = (state: string): string => `
${shellAssignments({ state })}
need sha256sum stat
number=0
for sums in "$state"/backups/*/server.properties.sha256; do
  [ -f "$sums" ] || continue
  [ -r "$sums" ] || refuse ${exitCode.backupUnreadable} "the backup $sums is not readable for $(id -un)"
  backup=\${sums%.sha256} directory=\${sums%/*} recorded='' found=-
  read -r recorded _ <"$sums"
  [ -f "$backup" ] && [ -r "$backup" ] && found=$(sha256_of "$backup")
  fact "backup_$number" "$(stat -c %Y -- "$sums") \${recorded:--} $found \${directory##*/}"
  number=$((number + 1))
done
`;

/** Prints \`properties\` (base64) of one backup; one that does not have its recorded checksum is refused. */
export const readBackupScript = (state: string, label: string): string => `
${shellAssignments({ state, label })}
need sha256sum base64
backup=$state/backups/$label/server.properties
[ -f "$backup" ] && [ -r "$backup" ] && [ -r "$backup.sha256" ] || refuse ${exitCode.backupUnreadable} "the backup $backup is missing or not readable for $(id -un)"
read -r recorded _ <"$backup.sha256"
[ "$(sha256_of "$backup")" = "$recorded" ] || refuse ${exitCode.checksumMismatch} "the backup $backup does not have its recorded checksum $recorded"
fact_base64 properties <"$backup"
`;
