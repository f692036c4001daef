# Judges who made the symlinks on a path. The service owns the contents of its storage, so with the bot's key stolen as
# well, a symlink made by the service could lead a plan to any account's files. An installed guard therefore follows
# only root's symlinks there. They must not be swapped during the check either: a directory that the service can write
# to is accepted only if it has not changed for more than a second before the walk began. Only root can set back the
# time of that change (inode(7), ctime).
begin_judging_links() { [ "$guard_way" != installed ] || judged_since=$(($(date +%s) - 1)); }

# judge_links PATH INODE...: judges the path by the inodes on it, in order. Sets path_why.
judge_links() {
  if [ "$guard_way" != installed ] || [ "$tried_uid" = 0 ] || [ -n "$path_why" ]; then return 0; fi
  judged_path=$1
  shift
  stat_links "$@"
  # Word splitting is wanted: all of them are numbers.
  # shellcheck disable=SC2086
  set -- $link_stats
  if [ $# -ne $((link_pairs * 8)) ]; then changed_just_now; return; fi
  while [ $# -gt 0 ]; do
    if ! is_safe_entry "$@"; then return; fi
    shift 8
  done
}

# Sets link_stats: for each inode its own data and then its directory's, last inode first. A directory's times, read
# after the entry, then show that the entry was not swapped.
stat_links() {
  link_pairs=0
  for node; do
    [ "$node" != / ] || continue
    [ "$link_pairs" -gt 0 ] || set --
    set -- "$view$node" "$view${node%/*}/." "$@"
    link_pairs=$((link_pairs + 1))
  done
  link_stats=''
  [ "$link_pairs" = 0 ] || link_stats=$(stat -c '%u %g 0x%f %Z' -- "$@" 2>/dev/null)
}

# Judges one entry, by UID GID MODE CHANGED of it and of its directory.
is_safe_entry() {
  is_link=''
  [ $(($3 & 0170000)) != $((0120000)) ] || is_link=yes
  if ! is_open_to_service "$1" "$5" "$7"; then
    if [ -z "$is_link" ] || [ "$1" != "$tried_uid" ]; then return 0; fi
    link_of_service
    return 1
  fi
  if [ -n "$is_link" ] && [ "$1" != 0 ]; then link_of_service; return 1; fi
  if [ "$8" -ge "$judged_since" ]; then changed_just_now; return 1; fi
}

# Whether the service can replace this entry. In a sticky directory it can't replace those of others (inode(7),
# S_ISVTX). With an ACL the group bits are a mask, so any group or other write bit counts.
is_open_to_service() {
  [ "$2" != "$tried_uid" ] || return 0
  [ $(($3 & 022)) != 0 ] || return 1
  [ $(($3 & 01000)) = 0 ] || [ "$1" = "$tried_uid" ]
}

link_of_service() {
  path_why="link-of-service $judged_path"
}
changed_just_now() { path_why="changed-just-now $judged_path"; }
