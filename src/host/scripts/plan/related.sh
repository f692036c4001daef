# What a plan can change: a directory on the path to the storage, with symlinks followed, or one below the storage on
# the same device; a directory on the path to another path that the service uses, or the file at its end. Inodes are
# compared, because a registry with mounts of its own has other paths for them.
find_path() {
  path_inodes=$newline root_inode='' root_end='' tops=''
  passed_inodes=$newline used_inodes=$newline path_why=''
  begin_judging_links
  if [ -n "$root" ]; then walk "$root" is_there note_path; fi
  also_number=1
  while [ "$also_number" -le "$also_count" ]; do
    load_also "$also_number"
    walk "$also_path" is_there note_also
    eval "also_${also_number}_inode=\$also_inode also_${also_number}_end=\$path_end"
    also_number=$((also_number + 1))
  done
}

note_path() {
  judge_links "$root" "$@"
  note_inodes "$@"
  path_inodes=$met_inodes root_end=$path_end
  if [ -n "$path_end" ] && [ -d "$view$path_end" ]; then root_inode=$(stat -c %d:%i -- "$view$path_end" 2>/dev/null); fi
  [ -z "$root_inode" ] || tops=$root_inode
}

# Sets also_inode to the inode at the path's end. Only there, or where a file is created, can the service get write
# permission.
note_also() {
  judge_links "$also_path" "$@"
  note_inodes "$@"
  passed_inodes=$passed_inodes${met_inodes#"$newline"} also_inode=''
  [ -n "$path_end" ] || return 0
  also_inode=$(stat -c %d:%i -- "$view$path_end" 2>/dev/null)
  used_end=$path_end
  if [ ! -d "$view$path_end" ]; then used_end=${path_end%/*}/.; fi
  case $also_use-$used_end in read-* | directory-*/.) return 0 ;; esac
  if is_protected_inode "$view$used_end"; then path_why='protected-use'; return; fi
  used_inodes=$used_inodes$(stat -c %d:%i -- "$view$used_end" 2>/dev/null)$newline
  [ "$also_use" != directory ] || tops="$tops $also_inode"
}

# Sets met_inodes, of the directories.
note_inodes() {
  for node; do
    shift
    if [ -d "$view$node" ] && [ ! -L "$view$node" ]; then set -- "$@" "$view$node"; fi
  done
  met_inodes=$newline
  if [ $# -gt 0 ]; then met_inodes=$newline$(stat -c %d:%i -- "$@" 2>/dev/null)$newline; fi
}

# Whether the directory or file behind descriptor 3, whose inode was read before, can be changed.
is_related() {
  if is_file_step; then is_related_file; return; fi
  if ! is_tree; then
    case $path_inodes$used_inodes in *"$newline$pinned_inode$newline"*) return 0 ;; esac
  fi
  for top in $tops; do
    if [ "$pinned_inode" = "$top" ] || is_below "$top"; then return 0; fi
  done
  if ! is_tree; then
    case $passed_inodes in *"$newline$pinned_inode$newline"*) is_passed; return ;; esac
  fi
  why='unrelated-path'
  return 1
}

is_below() {
  [ "${pinned_inode%%:*}" = "${1%%:*}" ] || return 1
  (
    cd -P /proc/self/fd/3/. 2>/dev/null || exit 1
    inner=$pinned_inode
    while cd -P .. 2>/dev/null; do
      outer=$(stat -c %d:%i .)
      [ "$outer" != "$1" ] || exit 0
      [ "$outer" != "$inner" ] && [ "${outer%%:*}" = "${1%%:*}" ] || exit 1
      inner=$outer
    done
    exit 1
  )
}

# Whether a directory is only on the path to something that the service uses, so that the service does not need to write
# there.
is_passed() {
  why='passed-directory'
  case $step_action in
    chmod) [ $((0$step_to & ~0$step_from & 0222)) = 0 ] ;;
    setfacl) letter=w; ! has_new_letter "user:$tried_uid" && ! has_new_letter mask: ;;
    *) return 1 ;;
  esac
}
