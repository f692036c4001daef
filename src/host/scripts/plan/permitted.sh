# Whether this host accepts the plan at all, by its storage, its files and its account. Next to the installed guard,
# permitted_storage has a line "ACCOUNT DIRECTORY" for each storage, and "ACCOUNT file PATH" for each file outside it
# that the service uses, or "ACCOUNT public-file PATH" if everyone can read the file. Without this, a plan could call
# any directory its storage and any account the service.
is_permitted() {
  permitted_roots='' permitted_files='' permitted_public='' permitted_account=''
  [ "$guard_way" = installed ] || return 0
  is_trusted "$guard_directory/permitted_storage" || return 1
  while read -r account permitted; do
    is_tried_account || continue
    permitted_account=${permitted_account:-$account}
    case $permitted in
      /*) permitted_roots=$permitted_roots$newline$permitted ;;
      'file /'*) permitted_files=$permitted_files$newline${permitted#file } ;;
      'public-file /'*) permitted_public=$permitted_public$newline${permitted#public-file } ;;
    esac
  done <"$guard_directory/permitted_storage"
  are_permitted_directories || return
  # A process with mounts of its own has other paths for the storage and the files, so is_permitted_place compares them
  # once the process is found. An applied plan can be undone even after its process has ended.
  if [ -n "$plan_process" ] && [ -n "$permitted_roots" ]; then return 0; fi
  if [ -n "$plan_process" ] && [ -n "$permitted_account" ] && [ -z "$root" ]; then return 0; fi
  if [ -n "$root" ] && ! is_permitted_root is_planned_root; then return 1; fi
  are_permitted_files is_planned_file
}

# Whether the plan's process sees the storage and the files that the host permits.
is_permitted_place() {
  if [ "$guard_way" != installed ] || [ -z "$plan_process" ]; then return 0; fi
  if [ -n "$root" ] && ! is_permitted_root is_found_root; then return 1; fi
  are_permitted_files is_found_file
}

is_permitted_root() {
  if is_among_lines "$1" "$permitted_roots"; then return 0; fi
  why="storage-not-permitted $guard_directory/permitted_storage"
  return 1
}

# Whether $1 is true for one of the lines of $2.
is_among_lines() {
  split_lines "$2"
  for permitted in $lines; do
    if "$1" "$permitted"; then join_words; return 0; fi
  done
  join_words
  return 1
}

is_planned_root() { [ "$1" = "$root" ]; }
# shellcheck disable=SC3013
is_found_root() { [ -n "$root_end" ] && [ "$view$root_end" -ef "$1" ]; }

# Whether each directory that the plan names is, by its path, in the registry's own tree in the storage. A symlink or
# mount of root's can lead from there anywhere.
are_permitted_directories() {
  also_number=1
  while [ "$also_number" -le "$also_count" ]; do
    load_also "$also_number"
    if [ "$also_use" = directory ] && ! is_in_storage "$also_path"; then
      why='directory-beside-storage'
      return 1
    fi
    also_number=$((also_number + 1))
  done
}

is_in_storage() {
  is_physical "$1" && [ -n "$root" ] || return 1
  case $1 in "${root%/}/docker" | "${root%/}/docker/"*) ;; *) return 1 ;; esac
}

are_permitted_files() {
  also_number=1 file_secret_why=''
  while [ "$also_number" -le "$also_count" ]; do
    load_also "$also_number"
    eval "also_end=\${also_${also_number}_end-}"
    if [ "$also_use" != directory ] && ! is_permitted_file "$1"; then return 1; fi
    also_number=$((also_number + 1))
  done
}

# Whether the host permits the file. The host, and not the plan, says who can read it.
is_permitted_file() {
  if is_among_lines "$1" "$permitted_public"; then return 0; fi
  if is_among_lines "$1" "$permitted_files"; then
    eval "also_${also_number}_secret=1"
    file_secret_why="file-not-public $guard_directory/permitted_storage"
    return 0
  fi
  why="file-not-permitted $guard_directory/permitted_storage ${permitted_account:--} $also_path"
  return 1
}

is_planned_file() { [ "$1" = "$also_path" ]; }

# A missing file is identified by its directory.
# shellcheck disable=SC3013
is_found_file() {
  [ -n "$also_end" ] || return 1
  if [ -e "$view$also_end" ]; then [ "$view$also_end" -ef "$1" ]; return; fi
  [ "${also_end##*/}" = "${1##*/}" ] && [ "$view${also_end%/*}/." -ef "${1%/*}/." ]
}

# Whether ACCOUNT is the plan's service. It is a name or number, with the groups of the host's own database, or
# UID:GID,GID with only these groups.
is_tried_account() {
  case $account in
    *:*) permitted_uid=${account%%:*} permitted_gids=${account#*:} ;;
    *) permitted_uid=$account permitted_gids=$(id -G -- "$account" 2>/dev/null) ;;
  esac
  case $permitted_uid in '' | *[!0-9]*) permitted_uid=$(id -u -- "$account" 2>/dev/null) ;; esac
  [ "$permitted_uid" = "$tried_uid" ] || return 1
  # For a process that the plan names, groups and capabilities are read from the process itself (is_planned_identity).
  [ -z "$plan_process" ] || return 0
  [ "$tried_uid" = 0 ] || [ "$tried_override$tried_search" = 00 ] || return 1
  # Separated by commas or blanks.
  permitted_gids=,$(printf %s "$permitted_gids" | tr ' ' ,),
  for gid in $tried_gid $tried_groups; do
    case $permitted_gids in *",$gid,"*) ;; *) return 1 ;; esac
  done
}
