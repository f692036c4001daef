# For which storage, and as whom, this host takes plans at all: beside the installed guard, permitted_storage has a line of
# "ACCOUNT DIRECTORY" for each. Else a plan could call anything its storage, and anybody the service.
is_permitted() {
  permitted_roots=''
  [ "$guard_way" = installed ] || return 0
  is_trusted "$guard_directory/permitted_storage" || return 1
  while read -r account permitted_root; do
    if is_tried_account; then permitted_roots=$permitted_roots$newline$permitted_root; fi
  done <"$guard_directory/permitted_storage"
  # A process in namespaces of its own has other names for it: that is compared where it is found (is_permitted_place). What was
  # taken is taken back though that process has ended.
  if [ -n "$permitted_roots" ] && [ -n "$plan_process" ]; then return 0; fi
  is_permitted_root is_planned_root
}

# The storage that such a process sees has to be the directory that the host permits.
is_permitted_place() {
  if [ "$guard_way" != installed ] || [ -z "$plan_process" ]; then return 0; fi
  is_permitted_root is_found_root
}

is_permitted_root() {
  split_lines "$permitted_roots"
  for permitted_root in $lines; do
    if "$1" "$permitted_root"; then join_words; return 0; fi
  done
  join_words
  why="$guard_directory/permitted_storage does not name this storage with this account and its groups"
  return 1
}

is_planned_root() { [ "$1" = "$root" ]; }
# shellcheck disable=SC3013
is_found_root() { [ -n "$way_end" ] && [ "$view$way_end" -ef "$1" ]; }

# ACCOUNT is a name or number, with the groups that the host's own database gives it, or UID:GID,GID with these alone.
is_tried_account() {
  case $account in
    *:*) permitted_uid=${account%%:*} permitted_gids=${account#*:} ;;
    *) permitted_uid=$account permitted_gids=$(id -G -- "$account" 2>/dev/null) ;;
  esac
  case $permitted_uid in '' | *[!0-9]*) permitted_uid=$(id -u -- "$account" 2>/dev/null) ;; esac
  [ "$permitted_uid" = "$tried_uid" ] || return 1
  # Of a process that the plan names, groups and capabilities are read from the process itself (is_planned_identity).
  [ -z "$plan_process" ] || return 0
  [ "$tried_uid" = 0 ] || [ "$tried_override$tried_search" = 00 ] || return 1
  # Separated by commas or blanks.
  permitted_gids=,$(printf %s "$permitted_gids" | tr ' ' ,),
  for gid in $tried_gid $tried_groups; do
    case $permitted_gids in *",$gid,"*) ;; *) return 1 ;; esac
  done
}
