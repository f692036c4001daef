# What a plan may touch: a directory on the way to the storage, links followed, or one below it on the same device. Told by inode, since
# a registry in namespaces of its own has other names for them.
find_way() {
  way_inodes=$newline root_inode=''
  walk "$root" is_there note_way
}

note_way() {
  for node; do
    shift
    if [ -d "$view$node" ] && [ ! -L "$view$node" ]; then set -- "$@" "$view$node"; fi
  done
  if [ $# -gt 0 ]; then way_inodes=$newline$(stat -c %d:%i -- "$@" 2>/dev/null)$newline; fi
  if [ -n "$way_end" ] && [ -d "$view$way_end" ]; then root_inode=$(stat -c %d:%i -- "$view$way_end" 2>/dev/null); fi
}

# The directory behind descriptor 3, its inode read before.
is_related() {
  if ! is_tree; then case $way_inodes in *"$newline$pinned_inode$newline"*) return 0 ;; esac; fi
  [ "$pinned_inode" != "$root_inode" ] || return 0
  if [ -n "$root_inode" ] && is_below_root; then return 0; fi
  why='a path that is neither above nor below the storage'
  return 1
}

is_below_root() {
  [ "${pinned_inode%%:*}" = "${root_inode%%:*}" ] || return 1
  (
    cd -P /proc/self/fd/3/. 2>/dev/null || exit 1
    inner=$pinned_inode
    while cd -P .. 2>/dev/null; do
      outer=$(stat -c %d:%i .)
      [ "$outer" != "$root_inode" ] || exit 0
      [ "$outer" != "$inner" ] && [ "${outer%%:*}" = "${root_inode%%:*}" ] || exit 1
      inner=$outer
    done
    exit 1
  )
}
