# The tree in which paths are looked up: "view" is put before every one of them. It is empty for the host's own tree,
# and /proc/PID/root if the registry's process sees another (mount_namespaces(7), chroot(2)). Behind that, no symlink
# can be left to the kernel, because an absolute one would continue from this script's root. Each is read and resolved
# by hand (walk.sh). Nothing of the container itself is ever run.
view=''

# Sets process_mounts and process_users: same, other or unknown. A chroot counts as other mounts.
read_namespaces() {
  compare_namespace mnt
  process_mounts=$compared
  if [ $process_mounts = unknown ]; then compare_first_mount; fi
  if [ $process_mounts = same ]; then compare_root; fi
  compare_namespace user
  process_users=$compared
}

# A process whose root can't be read might have its own.
compare_root() {
  # shellcheck disable=SC3013
  if [ ! -e "/proc/$process_pid/root/." ]; then process_mounts=unknown
  elif [ ! "/proc/$process_pid/root/." -ef /. ]; then process_mounts=other
  fi
}

compare_namespace() {
  # -ef is in POSIX since 2024, and long before in dash, bash and busybox.
  # shellcheck disable=SC3013
  if [ ! -e "/proc/$process_pid/ns/$1" ]; then compared=unknown
  elif [ "/proc/$process_pid/ns/$1" -ef "/proc/$$/ns/$1" ]; then compared=same
  else compared=other
  fi
}

# Anyone can read any process's mount table, and a mount's id exists in only one namespace (proc_pid_mountinfo(5)).
compare_first_mount() {
  { read -r own_mount </proc/self/mountinfo && read -r its_mount <"/proc/$process_pid/mountinfo"; } 2>/dev/null || return 0
  if [ "$own_mount" = "$its_mount" ]; then process_mounts=same; else process_mounts=other; fi
}

# Field 22 of /proc/PID/stat (proc_pid_stat(5)): when the process started, in clock ticks since boot. Empty if it is
# gone. The name before it can contain anything, including ")".
read_start_ticks() {
  start_ticks=''
  { read -r task_stat <"/proc/$1/stat"; } 2>/dev/null || return
  case $task_stat in *') '*) task_stat=${task_stat##*') '} ;; *) return ;; esac
  # Word splitting is wanted: the fields are numbers.
  # shellcheck disable=SC2086
  set -- $task_stat
  case ${20-} in '' | *[!0-9]*) ;; *) start_ticks=${20} ;; esac
}

# Behind the root of a process that has ended, nothing exists. That says nothing about the path.
view_is_gone() { [ -n "$view" ] && [ ! -d "$view/." ]; }
