# Walks a path as the kernel does (path_resolution(7)): component by component, symlink by symlink. An absolute symlink
# restarts at /, a relative one continues from its physical parent. Forty symlinks pass, one more is ELOOP.
#
# walk PATH MEET ARRIVE [MET...]: MEET is called with each inode when it is first met, by its physical path, and ends
# the walk by failing. ARRIVE is called with all of them, after those met before this walk. By then path_end is the
# physical path that the whole path leads to, or the directory that stopped it. It is empty if no physical path stands
# for what the kernel would meet. end_searched says whether a name was looked up in that end as well. path_cut is where a
# path with too many components was left.
max_nodes=256
max_nodes_in_all=2048

walk() {
  rest=$1 meet=$2 arrive=$3 here='' links=0 link_read='' path_end='' end_searched='' path_cut=''
  shift 3
  most_nodes=$(($# + max_nodes))
  [ $most_nodes -le $max_nodes_in_all ] || most_nodes=$max_nodes_in_all
  if [ $# -eq 0 ]; then
    set -- /
    "$meet" /
  fi
  while next_part; do
    case $part in
      .) end_searched=yes; continue ;;
      ..) here=${here%/*} end_searched=yes; continue ;;
    esac
    node=$here/$part met_before=yes
    if ! is_among "$node" "$@"; then
      met_before=''
      if [ $# -ge $most_nodes ]; then path_cut=$node; break; fi
      "$meet" "$node" || { path_end=$node; break; }
      set -- "$@" "$node"
    fi
    if [ -L "$view$node" ]; then
      links=$((links + 1))
      [ $links -le 40 ] || break
      follow "$node" || break
    elif [ -d "$view$node" ]; then
      here=$node end_searched=$met_before
    else
      path_end=$node
      [ -z "$rest" ] || path_end=$node/.
      break
    fi
  done
  [ -n "$part" ] || path_end=${here:-/}
  "$arrive" "$@"
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

# The dot keeps the trailing newlines of a target, which $(...) would drop.
read_target() {
  target=$(readlink -n -- "$view$1" && echo .) || return
  target=${target%.}
}

# Follows a symlink. If the path leads over the same symlink again, its target is read again.
follow() {
  [ "$link_read" = "$1" ] || read_target "$1" || return
  link_read=''
  case $target in /*) here='' end_searched=yes ;; esac
  rest=$target$rest
}

# A MEET for a walk that reports nothing.
is_there() { [ -L "$view$1" ] || [ -e "$view$1" ]; }
