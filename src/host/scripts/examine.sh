# Everything about the inodes on the way, with as few processes as can be.
stat_format='%f:%u:%g:%d:%i:%Z:%Y:%W:%U:%G'

examine() {
  report_stats "$@"
  # Also what is mounted at a place that could not be looked at.
  report_mounts "$@" "${way_end:-/}"
  report_places_on_host "$@"
  examine_directories "$@"
}

# One stat for all; when one of them is gone by now, each alone, with "-" for what is gone.
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

# The mounts that hold any of these: their mount points are among them.
report_mounts() {
  mounts=$(awk -v table="${view:+/proc/$process_pid/mountinfo}" "$mounts_awk$newline$escape_path_awk" "$@" 2>/dev/null | head -c 262144)
  if [ -n "$mounts" ]; then known mounts "$mounts"; else unknown mounts 'the mount table could not be read'; fi
}

examine_directories() {
  seen=$#
  for node; do
    if [ -d "$view$node" ] && [ ! -L "$view$node" ]; then set -- "$@" "$node"; fi
  done
  shift "$seen"
  report_acls_of "$@"
  report_attributes "$@"
  report_tries "$@"
}

report_acls_of() {
  for node; do
    shift
    set -- "$@" "$view$node"
  done
  report_acls "$@"
}
