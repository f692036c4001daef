# Tests as the service: whether it can pass through each of these directories, and what it can do with the storage root
# and its other paths. Root opens each directory and passes it down as a file descriptor, so that the kernel judges only
# that directory and nothing above it. Seven at a time: POSIX shells have no more single-digit descriptors to spare.
report_tries() {
  if [ "$tried_state" = absent ]; then absent tried-as; return; fi
  prepare_tries
  if [ -z "$try_how" ]; then unknown tried-as "$try_why"; return; fi
  # A directory that is closed to the service is passed down to a test only if the service can't take the descriptor
  # from it. Otherwise only whole paths are tested, which opens nothing that the service could not open itself.
  if [ "$try_how$shield" = setpriv ] && [ "$tried_uid" != 0 ]; then
    if [ -n "$view" ]; then unknown tried-as setpriv-too-old; return; fi
    run_tries yes
    try_as_others
    return
  fi
  if [ -n "$view" ]; then try_in_view "$@"
  elif [ "$try_how" = directly ]; then try_by_path "$@"
  else try_on_host "$@"
  fi
}

# Tests in the process's view, where each path is resolved by hand.
try_in_view() {
  try_by_descriptor '' "$@"
  [ -z "$root" ] || try_path_in_view storage-root "$root" directory
  number=1
  while [ $number -le $used_count ]; do
    load_used $number
    kind_of_use
    [ -n "$used_by" ] || try_path_in_view "$number" "$used_path" $use
    number=$((number + 1))
  done
}

try_path_in_view() {
  whole_use=$3
  walk "$2" is_there try_whole_path
  emit try-target "$1"
  emit tried "$tried"
}

# Tests as the login's own identity: whatever it could walk to, it reached through open directories.
try_by_path() {
  for directory; do emit try-directory "$directory"; done
  run_tries yes "$@"
}

# Tests on the host. The directories on the other paths are tested one by one only if something is not reached.
try_on_host() {
  try_path_to_root "$@"
  if ! is_all_reached; then
    shift "$root_directories"
    [ $# -eq 0 ] || try_by_descriptor '' "$@"
  fi
  try_as_others
}

try_path_to_root() {
  number=0 count=$#
  for directory; do
    number=$((number + 1))
    [ $number -gt "$root_directories" ] || set -- "$@" "$directory"
  done
  shift "$count"
  if [ $# -gt 0 ]; then try_by_descriptor yes "$@"; else run_tries yes; fi
}

# Whether stat(2) of the whole path was allowed for every target.
is_all_reached() {
  left=$tried
  while :; do
    case $left in *"${newline}stat "*) left=${left#*"${newline}stat "} ;; *) return 0 ;; esac
    case $left in allowed*) ;; *) return 1 ;; esac
  done
}

# Tests the paths that an account other than the registry's uses.
try_as_others() {
  number=1
  while [ $number -le $used_count ]; do
    load_used $number
    if [ -n "$used_by" ]; then
      kind_of_use
      take_identity_of_user
      emit try-target "$number"
      tried=$(as_identity /bin/sh -c "$try_child" sh $use "$used_path" 0 -- 2>&1 | bounded)
      emit tried "$tried"
    fi
    number=$((number + 1))
  done
}

take_identity_of_user() {
  # Word splitting is wanted: two numbers and a name.
  # shellcheck disable=SC2086
  set -- $used_by
  tried_uid=$1 tried_gid=$2 tried_groups='' tried_override=0 tried_search=0 tried_users=''
  if [ "$1" = 0 ]; then tried_override=1 tried_search=1; fi
  prepare_tries
}

try_by_descriptor() {
  with_last=$1
  shift
  while [ $# -gt 0 ]; do
    descriptors='' descriptor=3
    while [ $# -gt 0 ] && [ "$descriptor" -le 9 ]; do
      open_directory "$descriptor" "$1"
      shift
    done
    targets_now=''
    [ $# -gt 0 ] || targets_now=$with_last
    # Word splitting is wanted: the descriptors are our own words.
    # shellcheck disable=SC2086
    run_tries "$targets_now" $descriptors
    exec 3<&- 4<&- 5<&- 6<&- 7<&- 8<&- 9<&-
  done
}

# "/." makes anything but a directory fail, including a pipe, which would block. "command" keeps a failed exec from
# ending the shell. The only word that eval sees is the digit.
open_directory() {
  opened=$view$2
  if eval "command exec $1<\"\$opened/.\"" 2>/dev/null; then
    emit try-directory "$2"
    descriptors="$descriptors /proc/self/fd/$1"
    descriptor=$(($1 + 1))
  else
    emit try-unopened "$2"
  fi
}

# run_tries WHOLE DIRECTORY...: tests the whole path, as the registry uses it, if WHOLE is not empty, and each DIRECTORY
# on its own.
run_tries() {
  with_targets=$1
  shift
  set -- -- "$@"
  if [ -n "$with_targets" ]; then
    number=$used_count
    while [ "$number" -gt 0 ]; do
      load_used "$number"
      kind_of_use
      [ -n "$used_by" ] || set -- $use "$used_path" 0 "$@"
      number=$((number - 1))
    done
    [ -z "$root" ] || set -- directory "$root" 0 "$@"
    report_targets
  fi
  tried=$(as_identity /bin/sh -c "$try_child" sh "$@" 2>&1 | bounded)
  translate_ids
  emit tried "$tried"
}

report_targets() {
  [ -z "$root" ] || emit try-target storage-root
  number=1
  while [ "$number" -le "$used_count" ]; do
    load_used "$number"
    [ -n "$used_by" ] || emit try-target "$number"
    number=$((number + 1))
  done
}
