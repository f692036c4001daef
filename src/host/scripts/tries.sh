# Tries, as the service: may it pass through each of these directories, and what may it do with the storage root?
# Root opens each directory and hands it down as a file descriptor, so that the kernel judges that directory alone and
# nothing above it. Seven at a time: POSIX shells have no more single-digit descriptors to spare.
report_tries() {
  if [ "$tried_state" = absent ]; then absent tried-as; return; fi
  prepare_tries
  if [ -z "$try_how" ]; then unknown tried-as "$try_why"; return; fi
  # A directory that is closed to the service is handed down to what it cannot take it from, or not at all.
  if [ "$try_how$shield" = setpriv ] && [ "$tried_uid" != 0 ]; then
    unknown tried-as 'setpriv on this host cannot shield what is tried (util-linux 2.31 can)'
    return
  fi
  if [ -n "$view" ]; then
    try_by_descriptor '' "$@"
    try_whole_way "$@"
    emit tried "$tried"
  elif [ "$try_how" = directly ]; then try_by_path "$@"
  else try_by_descriptor "$root" "$@"
  fi
}

# As the identity itself: what it could walk to, it reached through open ancestors.
try_by_path() {
  for directory; do emit try-directory "$directory"; done
  run_tries "$root" "$@"
}

try_by_descriptor() {
  whole_path=$1
  shift
  while [ $# -gt 0 ]; do
    descriptors='' descriptor=3
    while [ $# -gt 0 ] && [ "$descriptor" -le 9 ]; do
      open_directory "$descriptor" "$1"
      shift
    done
    root_now=''
    [ $# -gt 0 ] || root_now=$whole_path
    # Word splitting is wanted: the descriptors are our own words.
    # shellcheck disable=SC2086
    run_tries "$root_now" $descriptors
    exec 3<&- 4<&- 5<&- 6<&- 7<&- 8<&- 9<&-
  done
}

# "/." makes anything but a directory fail, a pipe included, which would block. "command" keeps a failed exec from
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

run_tries() {
  root_tried=$1
  shift
  set -- -- "$@"
  [ -z "$root_tried" ] || set -- directory "$root_tried" 0 "$@"
  tried=$(as_identity /bin/sh -c "$try_child" sh "$@" 2>&1 | bounded)
  tell_from_outside
  emit tried "$tried"
}
