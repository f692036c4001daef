# Tests the whole path in the tree that the process sees, after a walk over it: from its root, which is passed down as a
# descriptor, by physical paths, through every directory in which a name is looked up. whole_use says how the end is
# used. Sets tried.
try_whole_path() {
  if ! { command exec 7<"$view/."; } 2>/dev/null; then tried='root-unopened'; return; fi
  for node; do
    shift
    if is_looked_up_in "$node"; then set -- "$@" "/proc/self/fd/7$node"; fi
  done
  if [ -n "$path_end" ]; then set -- "$whole_use" "/proc/self/fd/7$path_end" $# "$@" --; else set -- --; fi
  tried=$(as_identity /bin/sh -c "$try_child" sh "$@" 2>&1 | bounded)
  exec 7<&-
  translate_ids
  [ -z "$path_end" ] || return 0
  tried="$tried${newline}target"
  uses='list create'
  [ "$whole_use" = directory ] || uses='read write'
  for use in stat $uses; do
    tried="$tried$newline$use unknown no-physical-path"
  done
}

is_looked_up_in() {
  [ -d "$view$1" ] && [ ! -L "$view$1" ] || return 1
  [ "$1" != "$path_end" ] || [ -n "$end_searched" ]
}
