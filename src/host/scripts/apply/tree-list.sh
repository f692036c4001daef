# The entries of trees, one line each: INODE UID GID MODE TYPE-AND-PERMISSIONS LINKS PATH, never across mounts or
# symlinks. The trees are named one a line. No path can forge a line: "!" stands for one with a newline. Further
# arguments are what find leaves out ("... -prune -o") and conditions for the rest.
gnu_entry='%i %U %G %m %M %n'
stat_entry='%i %u %g %a %A %h'

find_how=''

# GNU find prints itself. busybox's passes the paths to stat.
choose_find() {
  find_how=stat
  if find / -maxdepth 0 -readable -printf '' 2>/dev/null; then find_how='printf'; fi
}

list_tree() {
  trees=$1 list_seconds=$2
  shift 2
  # Word splitting at newlines is wanted.
  IFS=$newline
  if [ "$find_how" = printf ]; then
    # shellcheck disable=SC2086
    timeout "$list_seconds" find $trees -xdev "$@" -path "*$newline*" -printf "$gnu_entry !\\n" -o -printf "$gnu_entry %p\\n"
  else
    # Not in parentheses: busybox's find then forgets what it has gathered for an -exec with a plus.
    # shellcheck disable=SC2086
    timeout "$list_seconds" find $trees -xdev "$@" -path "*$newline*" -exec stat -c "$stat_entry !" {} + -o -exec stat -c "$stat_entry %n" {} +
  fi 2>/dev/null
  list_status=$?
  IFS=" 	$newline"
  return "$list_status"
}
