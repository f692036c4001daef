# Reports each inode of a path while the probe walks the path, and where a path ends.
look_at() {
  if [ -L "$view$1" ]; then
    read_target "$1" || return
    link_read=$1
    emit link-path "$1"
    emit link-target "$target"
  elif [ -e "$view$1" ]; then
    emit node-path "$1"
  else
    explain_unseen "$view$1"
    if view_is_gone; then unseen_why='registry-ended'; fi
    if [ -z "$unseen_why" ]; then emit node-missing "$1"; else report_unseen "$1" "$unseen_why"; fi
    return 1
  fi
}

# report_unseen PATH WHY: reports an inode that the probe could not inspect.
report_unseen() {
  emit node-unseen "$1"
  emit node-unseen-why "$2"
}

# Walks to the next of the registry's other paths after a walk has arrived. The walk to the storage root is the first.
# Each walk continues with the inodes that the earlier ones reached.
# shellcheck disable=SC2120
walk_further() {
  keep_end $#
  walk_number=$((walk_number + 1))
  if [ $walk_number -gt $used_count ]; then examine "$@"; return; fi
  load_used $walk_number
  walk "$used_path" look_at walk_further "$@"
}

# Saves the end of the path that was walked, by the number of the walk. The walk to the storage root has number 0.
keep_end() {
  [ -z "$path_cut" ] || report_unseen "$path_cut" "way-too-long $max_nodes"
  case $walk_number in
    0) root_nodes=$1 root_end=$path_end ;;
    *) eval "used_${walk_number}_end=\$path_end" ;;
  esac
}
