# Reports the host's paths of the directories that the process sees. They are computed from both mount tables, and
# reported only if the host has the same inode there.
report_places_on_host() {
  if [ -z "$view" ]; then emit view host; return; fi
  emit view "process $process_pid $start_ticks"
  list_places "$@"
  report_chosen_places "$@"
  case $places in
    *"$newline---$newline"*) known host-mounts "${places#*"$newline---$newline"}" ;;
    *) unknown host-mounts mounts-unreadable ;;
  esac
}

list_places() {
  places=$(awk -v table="/proc/$process_pid/mountinfo" -v own_table=/proc/self/mountinfo \
    "$host_places_awk$newline$escape_path_awk" "$@" 2>/dev/null | head -c 262144)
  places=$newline$places$newline
  find_jail
}

report_chosen_places() {
  number=0 seen=$#
  for node; do
    number=$((number + 1))
    if [ -L "$view$node" ] || ! find_place; then continue; fi
    emit host-path-of "$node"
    emit host-path "$place"
    set -- "$@" "$place"
  done
  shift "$seen"
  place_stats=''
  if [ $# -gt 0 ]; then place_stats=$(stat -c '%d:%i:%u:%g' -- "$@" 2>/dev/null); fi
  emit host-stats "$place_stats"
}

# Finds the root of a process in a chroot of the host's own mount namespace, which is in no mount table.
find_jail() {
  jail=''
  compare_namespace mnt
  [ "$compared" = same ] || return 0
  jail=$(readlink -n -- "$view" && echo .) || return 0
  jail=${jail%.}
}

# Sets place to the first of the possible paths that is this directory.
find_place() {
  place=$jail${node%/}
  # shellcheck disable=SC3013
  if [ -n "$jail" ] && [ "$place/." -ef "$view$node/." ]; then return; fi
  place='' IFS=$newline
  for candidate in ${places%%"$newline---$newline"*}; do
    case $candidate in "$number "*) ;; *) continue ;; esac
    decode "${candidate#* }"
    place=$decoded
    # shellcheck disable=SC3013
    if [ "$place" -ef "$view$node" ]; then break; fi
    place=''
  done
  IFS=" 	$newline"
  [ -n "$place" ]
}

# Sets root_place: where this script itself finds the storage root, or what blocks it.
find_root_place() {
  root_place=$root
  if [ -n "$view" ] && [ -n "$root" ]; then walk "$root" is_there take_root_place; fi
}

take_root_place() { root_place=${path_end:+$view$path_end}; }
