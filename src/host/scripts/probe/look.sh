# What the probe reports about the path while walking it, and about its inodes at the end.
look_at() {
  if [ -L "$view$1" ]; then
    read_target "$1" || return
    link_read=$1
    emit link-path "$1"
    emit link-target "$target"
  elif [ -e "$view$1" ]; then
    emit node-path "$1"
  else
    unseen "$view$1"
    if view_is_gone; then unseen_why='registry-ended'; fi
    if [ -z "$unseen_why" ]; then emit node-missing "$1"; else report_unseen "$1" "$unseen_why"; fi
    return 1
  fi
}

report_unseen() {
  emit node-unseen "$1"
  emit node-unseen-why "$2"
}

# After the walk to the storage root come those to the registry's other paths, each of which continues from the inodes
# met before.
# shellcheck disable=SC2120
walk_further() {
  keep_end $#
  walk_number=$((walk_number + 1))
  if [ $walk_number -gt $used_count ]; then examine "$@"; return; fi
  load_used $walk_number
  walk "$used_path" look_at walk_further "$@"
}

# Number 0 is the storage root.
keep_end() {
  [ -z "$way_cut" ] || report_unseen "$way_cut" "way-too-long $max_nodes"
  case $walk_number in
    0) root_nodes=$1 root_end=$way_end ;;
    *) eval "used_${walk_number}_end=\$way_end" ;;
  esac
}
