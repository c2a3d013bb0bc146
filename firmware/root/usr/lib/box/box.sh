# What the scripts of the box share. Files in /run/box hold what the start has found out.

# To the serial console and to the kernel's ring buffer, which is the log of the box: in memory,
# bounded, and outliving every process.
say() {
  echo "box: $*" > /dev/console
  echo "<5>box: $*" > /dev/kmsg
}

# The device of a partition of the disk that the root file system is on, by its name.
partition() {
  for uevent in /sys/block/"$(cat /run/box/disk)"/*/uevent; do
    grep -qx "PARTNAME=$1" "$uevent" || continue
    uevent=${uevent%/uevent}
    echo "/dev/${uevent##*/}"
    return
  done
}

# setting NAME PATTERN DEFAULT: a value of box.conf, if all of it matches the pattern. The file
# comes from people: it is never run, and what is wrong in it is said and left out.
setting() {
  value=$(sed -n "s/^[[:space:]]*$1[[:space:]]*=[[:space:]]*//p" /run/box/box.conf 2> /dev/null |
    tail -n 1 | tr -d '"' | sed 's/[[:space:]]*\(#.*\)\{0,1\}$//')
  if [ -n "$value" ] && echo "$value" | grep -qxE "$2"; then
    echo "$value"
    return
  fi
  [ -z "$value" ] || degrade "box.conf: $1 is not understood, taking '$3'"
  echo "$3"
}

# Whether a file can be read. It is opened, not asked about: busybox for 32 bits cannot ask about
# files of after 2038. For the same reason files are removed by unlink and copied by cat, not by rm
# and cp.
readable() { (: < "$1") 2> /dev/null; }

# Something of the box is not whole; the gateway tells everybody who asks whether it is ready.
degrade() {
  say "DEGRADED: $*"
  if readable /run/box/degraded; then printf '; ' >> /run/box/degraded; fi
  printf '%s' "$*" >> /run/box/degraded
}

# to_settings FILE: copies it from /run/box onto the settings partition. Fails unless it is there
# whole: the partition may be full, or not let itself be written.
to_settings() {
  mount -o remount,rw /settings && cat "/run/box/$1" > "/settings/$1"
  sync
  mount -o remount,ro /settings
  cmp -s "/run/box/$1" "/settings/$1"
}

# Whether the configuration at hand is good. In /run/box/check then is what is wrong, or who listens
# where.
configuration_is_good() {
  bellhop --config /run/box/bellhop.toml --check-config > /run/box/check 2>&1
}

# own_configuration [REASON]: that of the image, and why not the one of the settings partition.
own_configuration() {
  if [ -n "$1" ]; then
    degrade "bellhop.toml of the settings partition is wrong, started with defaults: $1"
  fi
  cat /etc/bellhop.toml > /run/box/bellhop.toml
  configuration_is_good
}

# The folder of the gateway's state.
state_folder() {
  readable /data/bellhop || mkdir /data/bellhop
  chown bellhop:bellhop /data/bellhop
  chmod 700 /data/bellhop
}

# What is on the data partition may still be rescued, so it stays as it is.
state_in_memory() {
  mount -t tmpfs -o nodev,nosuid,noexec,size=8m tmpfs /data
  : > /run/box/memory-only
  state_folder
  degrade "$*"
}
