# Reports everything about the inodes on the path, with as few processes as possible.
stat_format='%f:%u:%g:%d:%i:%Z:%Y:%W:%U:%G'

examine() {
  report_stats "$@"
  report_mounts_of "$@"
  report_places_on_host "$@"
  examine_each "$@"
}

# Also for mounts on a directory that could not be read.
report_mounts_of() {
  set -- "$@" "${root_end:-/}"
  number=1
  while [ $number -le $used_count ]; do
    load_used $number
    [ -z "$used_end" ] || set -- "$@" "$used_end"
    number=$((number + 1))
  done
  report_mounts "$@"
}

# Prints the data of all inodes with one stat. If one of them is gone now, each gets its own stat, and a missing one
# "-".
report_stats() {
  for node; do
    shift
    set -- "$@" "$view$node"
  done
  stats=$(stat -c "$stat_format" -- "$@" 2>/dev/null)
  count_lines "$stats"
  if [ "$line_count" -ne $# ]; then
    stats=$(for node; do stat -c "$stat_format" -- "$node" 2>/dev/null || echo -; done)
  fi
  emit stats "$stats"
}

count_lines() {
  IFS=$newline
  # Word splitting is wanted.
  # shellcheck disable=SC2086
  set -- $1
  IFS=" 	$newline"
  line_count=$#
}

# Reports the mounts that hold any of these paths. Their mount points are among the paths.
report_mounts() {
  mounts=$(awk -v table="${view:+/proc/$process_pid/mountinfo}" "$mounts_awk$newline$escape_path_awk" "$@" 2>/dev/null | head -c 262144)
  if [ -n "$mounts" ]; then known mounts "$mounts"; else unknown mounts mounts-unreadable; fi
}

# Reports ACLs and attributes of directories and files, which have permissions of their own, unlike symlinks. The first
# root_directories are those on the path to the storage.
examine_each() {
  seen=$# number=0 root_directories=0
  for node; do
    number=$((number + 1))
    [ ! -L "$view$node" ] || continue
    if [ -d "$view$node" ]; then
      [ "$number" -gt "$root_nodes" ] || root_directories=$((root_directories + 1))
      set -- "$@" "$node"
    elif [ -f "$view$node" ]; then set -- "$@" "$node"
    fi
  done
  shift "$seen"
  report_acls_of "$@"
  report_attributes "$@"
  for node; do
    shift
    [ ! -d "$view$node" ] || set -- "$@" "$node"
  done
  report_tries "$@"
}

report_acls_of() {
  for node; do
    shift
    set -- "$@" "$view$node"
  done
  report_acls "$@"
}
