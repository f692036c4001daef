# For which storage, and as whom, this host takes plans at all: beside the installed guard, permitted_storage has a line of
# "ACCOUNT DIRECTORY" for each, the account by its name or number. Else a plan could call anything its storage, and anybody the service.
is_permitted() {
  [ "$guard_way" = installed ] || return 0
  is_trusted "$guard_directory/permitted_storage" || return 1
  while read -r account permitted_root; do
    if [ "$permitted_root" = "$root" ] && is_tried_account; then return 0; fi
  done <"$guard_directory/permitted_storage"
  why="$guard_directory/permitted_storage does not name this storage with this account"
  return 1
}

is_tried_account() {
  case $account in
    '' | *[!0-9]*) [ "$(id -u -- "$account" 2>/dev/null)" = "$tried_uid" ] ;;
    *) [ "$account" = "$tried_uid" ] ;;
  esac
}
