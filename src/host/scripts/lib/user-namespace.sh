# Maps ids between a user namespace and this script's own (user_namespaces(7), "User and group ID mappings": a line of
# the map is the first id inside, the first id outside, and the count). map_id in|out ID MAP sets mapped.
map_id() {
  mapped=''
  while read -r inside outside length; do
    if [ "$1" = in ]; then from=$outside to=$inside; else from=$inside to=$outside; fi
    if [ "$2" -ge "$from" ] && [ $(($2 - from)) -lt "$length" ]; then mapped=$((to + $2 - from)); return; fi
  done 2>/dev/null <"$3"
  return 1
}

map_groups() {
  mapped_groups=''
  for group in $2; do
    map_id "$1" "$group" "/proc/$tried_users/gid_map" || return
    mapped_groups="$mapped_groups $mapped"
  done
}

find_inner_identity() {
  map_id in "$tried_uid" "/proc/$tried_users/uid_map" || return
  inner_uid=$mapped
  map_id in "$tried_gid" "/proc/$tried_users/gid_map" || return
  inner_gid=$mapped
  map_groups in "$tried_groups" || return
  inner_groups=$mapped_groups
}

# Rewrites the first line of tried, "as UID GID CAPABILITIES GROUP...", with this script's ids. A process inside a user
# namespace reports its own ids as they are there.
translate_ids() {
  [ -n "$tried_users" ] || return 0
  first=${tried%%"$newline"*}
  case $first in 'as '[0-9]*' '[0-9]*' '*) ;; *) return ;; esac
  rest_of_tried=${tried#"$first"}
  # Word splitting is wanted.
  # shellcheck disable=SC2086
  set -- $first
  map_id out "$2" "/proc/$tried_users/uid_map" || return 0
  outer_uid=$mapped
  map_id out "$3" "/proc/$tried_users/gid_map" || return 0
  outer_gid=$mapped capabilities=$4
  shift 4
  map_groups out "$*" || return 0
  tried="as $outer_uid $outer_gid $capabilities$mapped_groups$rest_of_tried"
}
