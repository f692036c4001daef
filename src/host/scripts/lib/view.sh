# The root in which paths are looked up: "view" is put before every path. It is empty for the host's own root, and
# /proc/PID/root if the registry's process has another (mount_namespaces(7), chroot(2)). There the kernel must follow no
# symlink, because an absolute one would continue from this script's root, so walk.sh reads and resolves each. No
# program of the container is ever run.
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

# Compares the roots. If a process's root can't be read, it might be another one.
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

# Compares the first lines of both mount tables. Anyone can read any process's table, and a mount's id exists in only
# one namespace (proc_pid_mountinfo(5)).
compare_first_mount() {
  { read -r own_mount </proc/self/mountinfo && read -r its_mount <"/proc/$process_pid/mountinfo"; } 2>/dev/null || return 0
  if [ "$own_mount" = "$its_mount" ]; then process_mounts=same; else process_mounts=other; fi
}

# Sets start_ticks to the process's start time in clock ticks since the boot, field 22 of /proc/PID/stat
# (proc_pid_stat(5)), or to '' if the process is gone. The name before that field can contain anything, including ")".
read_start_ticks() {
  start_ticks=''
  { read -r task_stat <"/proc/$1/stat"; } 2>/dev/null || return
  case $task_stat in *') '*) task_stat=${task_stat##*') '} ;; *) return ;; esac
  # Word splitting is wanted: the fields are numbers.
  # shellcheck disable=SC2086
  set -- $task_stat
  case ${20-} in '' | *[!0-9]*) ;; *) start_ticks=${20} ;; esac
}

# Whether the process has ended whose root is the view. Nothing exists in it then, which says nothing about the path.
view_is_gone() { [ -n "$view" ] && [ ! -d "$view/." ]; }
