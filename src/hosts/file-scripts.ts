import { shellAssignments } from '../ssh/shell-quote';
import { exitCode } from './exit-code';

const readableConfig = `[ -f "$config" ] && [ -r "$config" ] || refuse ${exitCode.propertiesUnreadable} "$config is missing or not readable for $(id -un)"`;

/** Prints `properties` (base64). */
export const readPropertiesScript = (config: string): string => `
${shellAssignments({ config })}
${readableConfig}
fact_base64 properties <"$config"
`;

/** Prints `lease` (base64) when there is one, and `lease_N=BASE64 NAME` of every other definition's that can be read. */
export const readLeasesScript = (statePath: string): string => `
${shellAssignments({ state: statePath })}
if [ -e "$state/lease" ]; then
  [ -r "$state/lease" ] || refuse ${exitCode.leaseUnreadable} "the lease file $state/lease is not readable for $(id -un)"
  fact_base64 lease <"$state/lease"
fi
number=0
for other in "\${state%/*}"/*/lease; do
  [ "$other" != "$state/lease" ] && [ -r "$other" ] || continue
  name=\${other%/lease}
  fact "lease_$number" "$(base64 <"$other" | tr -d '\n') \${name##*/}"
  number=$((number + 1))
done
`;

/**
 * Copies the properties file aside, once for a label. The checksum file is written last, so that its presence means a
 * complete backup; a backup that does not match it any more is refused, never repaired.
 */
export const backUpScript = (config: string, label: string): string => `
${shellAssignments({ config, label })}
directory=$state/backups/$label
backup=$directory/server.properties
fact path "$backup"
if [ -e "$backup.sha256" ]; then
  read -r recorded _ <"$backup.sha256"
  [ -f "$backup" ] && [ "$(sha256_of "$backup")" = "$recorded" ] || refuse ${exitCode.checksumMismatch} "the backup $backup does not have its recorded checksum $recorded"
  fact sha256 "$recorded"; fact changed 0
  return 0
fi
${readableConfig}
(umask 077 && mkdir -p -- "$directory") && cp -p -- "$config" "$backup.new" && to_disk "$backup.new" || refuse ${exitCode.stateUnusable} "the backup $backup could not be written"
sum=$(sha256_of "$config")
[ "$(sha256_of "$backup.new")" = "$sum" ] || refuse ${exitCode.checksumMismatch} "the backup of $config, read back, differs from the file"
mv -f -- "$backup.new" "$backup" && printf '%s  server.properties\\n' "$sum" >"$backup.sha256.new" && to_disk "$backup.sha256.new" &&
  mv -f -- "$backup.sha256.new" "$backup.sha256" && to_disk "$directory" || refuse ${exitCode.stateUnusable} "the backup $backup could not be completed"
fact sha256 "$sum"; fact changed 1
`;

/** A new content for the properties file, and what the file must be before. */
export interface PropertiesChange {
  contentBase64: string;
  expectedSha256: string;
  newSha256: string;
}

/**
 * Replaces the file that `$config` finally names (a link stays a link): copy with owner and mode, write, fsync, rename,
 * read back. The temporary file has a fixed name, because the lock is held: a killed attempt leaves at most one. Sets
 * `file_changed` and `file_evidence`.
 */
export const replacePropertiesSteps = (change: PropertiesChange): string => `
${shellAssignments({ expected: change.expectedSha256, wanted: change.newSha256 })}
${readableConfig}
file=$(readlink -f -- "$config")
found=$(sha256_of "$file")
fact found "$found"
if [ "$found" = "$wanted" ]; then
  file_changed=0 file_evidence="$file already has the checksum $wanted"
else
  [ "$found" = "$expected" ] || refuse ${exitCode.configDrift} "$file has the checksum $found, expected was $expected: somebody changed it"
  directory=\${file%/*}
  new=$directory/.\${file##*/}.kafka-upgrade
  rm -f -- "$new" && cp -p -- "$file" "$new" && chmod u+w -- "$new" || refuse ${exitCode.configUnwritable} "no file can be written in $directory, where the new $file is made"
  printf '%s' '${change.contentBase64}' | base64 -d >"$new" && chmod --reference="$file" -- "$new" && to_disk "$new" || refuse ${exitCode.checksumMismatch} "$new could not be written"
  [ "$(sha256_of "$new")" = "$wanted" ] || refuse ${exitCode.checksumMismatch} "$new, read back, does not have the checksum $wanted"
  if [ "$(stat -c %u:%g:%a -- "$file")" != "$(stat -c %u:%g:%a -- "$new")" ]; then
    rm -f -- "$new"
    refuse ${exitCode.ownerNotKept} "owner and mode of $file ($(stat -c %U:%G:%a -- "$file")) cannot be kept"
  fi
  mv -f -- "$new" "$file" && to_disk "\${directory:-/}"
  [ "$(sha256_of "$file")" = "$wanted" ] || refuse ${exitCode.checksumMismatch} "$file, read back, does not have the checksum $wanted"
  file_changed=1 file_evidence="$file changed from $found to $wanted"
fi
`;

/** The replacement alone, as a script: the file of a broker that may be running. */
export const replacePropertiesScript = (config: string, change: PropertiesChange): string => `
${shellAssignments({ config })}
${replacePropertiesSteps(change)}
fact changed "$file_changed"; fact evidence "$file_evidence"
`;

/**
 * Can the link `$current` be pointed at the release directory `$target`, which must be the `$version` that is meant? Asked
 * before anything is changed: what is refused here leaves the node as it was. Needs the release library; sets `link_moves`.
 */
export const checkReleaseSteps = `
[ -d "$target" ] || refuse ${exitCode.releaseMissing} "there is no release directory $target"
found=$(release_version "$target") || refuse ${exitCode.releaseMissing} "$target/libs holds no kafka_*.jar"
[ "$found" = "$version" ] || refuse ${exitCode.releaseMissing} "$target holds Kafka $found, not $version"
no_link() { refuse ${exitCode.linkNotReplaceable} "the link $current could not be replaced by $(id -un) in \${current%/*}"; }
link_new=\${current%/*}/.\${current##*/}.kafka-upgrade
link_moves=1
[ -L "$current" ] && [ "$(readlink -f -- "$current")" = "$(readlink -f -- "$target")" ] && link_moves=0
if [ "$link_moves" = 1 ]; then
  if [ -e "$current" ] && [ ! -L "$current" ]; then refuse ${exitCode.currentIsNoLink} "$current is not a symbolic link"; fi
  rm -f -- "$link_new" && ln -s -- "$target" "$link_new" && rm -f -- "$link_new" || no_link
fi
`;

/** Points the link at the release that was checked, by renaming a new link over it; sets `link_evidence`. */
export const switchReleaseSteps = `
before=$(readlink -- "$current")
if [ "$link_moves" = 0 ]; then
  link_evidence="$current already points to $before"
else
  ln -s -- "$target" "$link_new" && mv -T -f -- "$link_new" "$current" || no_link
  directory=\${current%/*}
  to_disk "\${directory:-/}"
  [ "$(readlink -- "$current")" = "$target" ] || refuse ${exitCode.checksumMismatch} "$current, read back, does not point to $target"
  link_evidence="$current points to $target, before to \${before:-nothing}"
fi
`;
