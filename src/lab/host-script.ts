/**
 * The init of one lab host, run by `unshare` as the first process of its namespaces.
 * Arguments: the host's root directory, its name, the path of sshd, the home of Java, then the release
 * directories to show under /opt/kafka-releases. Paths below the root are relative and mounted uncanonicalized (`mount -c`), because the root
 * itself disappears behind the host's own /tmp, /opt or /var/lib when it lies there.
 */
export const HOST_INIT_SCRIPT = String.raw`#!/bin/bash
set -euo pipefail
cd "$1"; name=$2; sshd=$3; java=$4; shift 4

# The outer /proc is still here: field 1 is this process's pid outside, field 22 its start time.
read -ra stat </proc/self/stat
echo "${'$'}{stat[0]} ${'$'}{stat[21]}" >init.new
mv init.new init

hostname "$name"

for release in "$@"; do
  target=opt/kafka-releases/${'$'}{release##*/}
  mkdir -p "$target"
  mount -c --bind "$release" "$target"
  mount -c -o remount,bind,ro "$PWD/$target"
done
# What else the machine keeps in /opt (a JDK, perhaps) stays usable.
for entry in /opt/*; do
  case ${'$'}{entry##*/} in kafka | kafka-releases | '*') continue ;; esac
  if [ -d "$entry" ] && [ ! -L "$entry" ]; then
    mkdir -p "opt/${'$'}{entry##*/}"
    mount -c --rbind "$entry" "opt/${'$'}{entry##*/}"
  else
    cp -a "$entry" opt/
  fi
done

own=(etc var/lib var/log run opt tmp)
# A home of its own, so that the settings of whoever runs the lab do not reach its hosts; unless Java lives there.
case $java in /root/*) ;; *) own=(root "${'$'}{own[@]}") ;; esac
for directory in "${'$'}{own[@]}"; do
  mount -c --rbind "$directory" "/$directory"
done
mount -t proc proc /proc

"$sshd" -f /etc/ssh/sshd_config -E /var/log/sshd.log
touch ready
cd /

# As pid 1 bash reaps every orphan; a host outlives its sshd, so that an outage of SSH alone can be played.
trap '' HUP INT TERM
while :; do
  sleep infinity &
  wait "$!" || :
done
`;
