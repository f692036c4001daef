# Walks to the storage root as the kernel does (path_resolution(7)): component by component, link by link. An absolute
# link restarts at /, a relative one goes on from the link's physical parent; forty links pass, one more is ELOOP.
# Each inode on the way is reported once, by its physical path; then all of them are examined.
max_nodes=256

walk() {
  rest=$1 here='' links=0 link_read=''
  set -- /
  emit node-path /
  while next_part; do
    case $part in
      .) continue ;;
      ..) here=${here%/*}; continue ;;
    esac
    node=$here/$part
    if ! is_among "$node" "$@"; then
      if [ $# -ge $max_nodes ]; then report_unseen "$node" "the way has more than $max_nodes parts"; break; fi
      look_at "$node" || break
      set -- "$@" "$node"
    fi
    if [ -L "$node" ]; then
      links=$((links + 1))
      [ $links -le 40 ] || break
      follow "$node" || break
    elif [ -d "$node" ]; then
      here=$node
    else
      break
    fi
  done
  examine "$@"
}

next_part() {
  while [ "${rest#/}" != "$rest" ]; do rest=${rest#/}; done
  part=${rest%%/*}
  rest=${rest#"$part"}
  [ -n "$part" ]
}

is_among() {
  sought=$1
  shift
  for candidate; do
    [ "$candidate" != "$sought" ] || return 0
  done
  return 1
}

look_at() {
  if [ -L "$1" ]; then
    read_target "$1" || return
    link_read=$1
    emit link-path "$1"
    emit link-target "$target"
  elif [ -e "$1" ]; then
    emit node-path "$1"
  else
    unseen "$1"
    if [ -z "$unseen_why" ]; then emit node-missing "$1"; else report_unseen "$1" "$unseen_why"; fi
    return 1
  fi
}

report_unseen() {
  emit node-unseen "$1"
  emit node-unseen-why "$2"
}

# The dot keeps the trailing newlines of a target, which $(...) would drop.
read_target() {
  target=$(readlink -n -- "$1" && echo .) || return
  target=${target%.}
}

# The second and later times that the way leads over a link, its target is read again.
follow() {
  [ "$link_read" = "$1" ] || read_target "$1" || return
  link_read=''
  case $target in /*) here='' ;; esac
  rest=$target$rest
}
