# The content below the storage root, and what the registry lists of it. A registry keeps everything in one directory,
# docker. Anything else there (a filesystem's own lost+found, a copy) is not the registry's and is ignored. What is
# behind a symlink or on a filesystem of its own inside is part of it. At most 1 second for the directories that it
# writes to, then 3 seconds and 300,000 entries for all. The tests as the service take as long in parallel.
contents_seconds=3
contents_max=300000
# The directories that the registry writes to. Nothing below them, because they can have very many entries.
written_places='docker/registry/v2/repositories/*/_*'
blob_places='docker/registry/v2/blobs/*/*'
# 64 digits. Its directory is written once, when it is made.
digest_name='????????????????????????????????????????????????????????????????'

collect_storage_contents() {
  ask_catalog | { report_contents; cat; }
}

report_contents() {
  enter_storage_root || return 0
  report_place "$path_end"
  # The umask of the process: the registry's own directories and files have 0777 or 0666 less this.
  [ "$process_state" != found ] || sed -n 's/^Umask:[^0-7]*/umask /p' "/proc/$process_pid/status" 2>/dev/null
  if [ -n "$view" ] && [ -L docker ]; then echo 'tree unknown link-not-followed docker'; return; fi
  if [ -L docker ] && [ ! -e docker/. ]; then echo 'tree unknown docker-leads-nowhere'; return; fi
  if [ ! -e docker ]; then
    explain_unseen docker
    if [ -n "$unseen_why" ]; then echo "tree unknown $unseen_why"; else echo 'tree absent'; fi
    return
  fi
  if [ ! -d docker ]; then echo 'tree unknown docker-not-a-directory'; return; fi
  report_tree
}

# Enters the storage root on the path of the registry's process, whose physical path is in path_end. Prints the reason
# if it can't.
enter_storage_root() {
  if [ -z "$root" ]; then echo 'tree unknown no-storage-root'; return 1; fi
  if ! command -v timeout >/dev/null; then echo 'tree unknown missing-on-host timeout'; return 1; fi
  walk "$root" : :
  if [ -n "$path_end" ] && cd "$view$path_end/." 2>/dev/null; then return 0; fi
  explain_unseen "$view$path_end"
  echo "tree unknown ${unseen_why:-root-leads-nowhere}"
  return 1
}

# Prints the storage root, in hex if it contains a newline, because everything here is reported in lines.
report_place() {
  case $1 in
    *"$newline"*) echo "place-hex $(printf %s "$1" | od -An -v -tx1 | tr -d ' \n')" ;;
    *) printf 'place %s\n' "$1" ;;
  esac
}

report_tree() {
  read -r tree_began _ </proc/uptime
  echo "tree known $(stat -L -c '%d:%i:%f:%u:%g' docker)"
  echo "mounts-below $mounts_inside"
  choose_trees
  try_contents | { scan_tree; cat; }
  read -r tree_ended _ </proc/uptime
  echo "took $tree_began $tree_ended"
}

# Sets the trees to scan: the storage itself, and each directory in it behind a symlink or mount, by its name below the
# storage root. The slash makes find start behind a symlink. A mounted one is not counted a second time from the
# directory above it.
choose_trees() {
  trees_found=docker parts_mounted=''
  [ ! -L docker ] || trees_found=docker/
  split_lines "$inner_paths"
  for inner in $lines; do
    if [ ! -d "$inner/." ] || { [ -n "$view" ] && [ -L "$inner" ]; }; then continue; fi
    echo "part $inner"
    [ "$inner" != docker ] || continue
    trees_found=$trees_found$newline$inner/
    if [ ! -L "$inner" ]; then case $inner in *[][*?\\]*) ;; *) parts_mounted=$parts_mounted$inner$newline ;; esac; fi
  done
  join_words
}

# Scans the trees. Entries are foreign if they don't belong to the service's uid, so without that uid there are none.
scan_tree() {
  set -- -name lost+found -prune -o
  split_lines "$parts_mounted"
  for inner in $lines; do set -- "$@" -path "$inner" -prune -o; done
  join_words
  {
    echo 'phase places'
    list_tree "$trees_found" 1 "$@" ! -type d -prune -o \( ! -path "$written_places" ! -path "$blob_places" -o -prune \)
    echo "end $?"
    echo 'phase all'
    list_tree "$trees_found" "$contents_seconds" "$@"
    echo "end $?"
  } | awk -v service="$tried_uid" -v max="$contents_max" "$contents_awk" | name_owners
}

# Tests what the kernel lets the service do, with find running as the service: -readable and its like call access(2).
# That judges by the real uid, so without capabilities for a service that is not root.
try_contents() {
  tries_why=''
  own_uid=$tried_uid
  # With CAP_DAC_OVERRIDE the service is denied exactly what root is: what is immutable or on a read-only mount.
  if [ "$tried_override" = 1 ] && [ -z "$tried_users" ]; then tried_uid=0 tried_gid=0 tried_groups='' tried_search=1; fi
  if [ "$tried_state" = absent ]; then tries_why='no-identity'
  elif [ "$find_how" != printf ]; then tries_why='find-asks-no-kernel'
  elif [ "$tried_uid" != 0 ] && [ "$tried_override$tried_search" != 00 ]; then tries_why='capabilities-not-triable'
  else
    prepare_tries
    [ -n "$try_how" ] || tries_why=$try_why
  fi
  if [ -n "$tries_why" ]; then echo "tries unknown $tries_why"; return; fi
  {
    echo 'phase places'
    list_denied 1 ! -type d -prune -o \( ! -path "$written_places" ! -path "$blob_places" -o -prune \)
    echo 'phase all'
    list_denied "$contents_seconds"
  } | awk -v service="$own_uid" "$closed_awk" | tell_attributes
}

# Prints, for the first few directories, whether an ACL is among the reasons (acl(5)), and, if their only fault is that
# they can't be written to, whether an attribute is (chattr(1)).
tell_attributes() {
  attributes_asked=0 acls_asked=0
  while IFS= read -r line; do
    printf '%s\n' "$line"
    tell_acl "$line"
    case $line in 'closed --w '*) ;; *) continue ;; esac
    if [ "$attributes_asked" -ge 8 ] || ! command -v lsattr >/dev/null; then continue; fi
    attributes_asked=$((attributes_asked + 1))
    closed_path=${line#closed --w * * * * }
    attributes=$(lsattr -d -- "$closed_path" 2>/dev/null)
    case ${attributes%% *} in *i*) printf 'immutable %s\n' "$closed_path" ;; esac
  done
}

tell_acl() {
  case $1 in 'closed '*) ;; *) return 0 ;; esac
  if [ "$acls_asked" -ge 8 ] || ! command -v getfacl >/dev/null; then return; fi
  acls_asked=$((acls_asked + 1))
  closed_path=${1#closed * * * * * }
  case $newline$(getfacl -cnp -- "$closed_path" 2>/dev/null) in *"${newline}mask:"*) printf 'acl %s\n' "$closed_path" ;; esac
}

# Directories that the service can't use, each with its missing letters, and files that it can't read, or not write
# where the registry writes again. A symlink is followed: access(2) judges what it leads to. Those that are walked on
# their own are left out. Every further argument is a part of find's expression, before that.
list_denied() {
  try_seconds=$1
  shift
  set -- -name lost+found -prune -o "$@"
  split_lines "$parts_mounted"
  for inner in $lines; do set -- -path "$inner" -prune -o "$@"; done
  split_lines "$inner_paths"
  for inner in $lines; do
    case $inner in *[][*?\\]*) ;; *) set -- -type l -path "$inner" -prune -o "$@" ;; esac
  done
  split_lines "$trees_found"
  # shellcheck disable=SC2086
  { set -- $lines -xdev "$@"; join_words; }
  as_identity find "$@" \( \
    \( \( -path docker -o -path '*/' \) -printf 'began %p\n' \) , \
    \( -type d ! \( -readable -writable -executable \) \
    \( -executable -printf - -o -printf x \) \( -readable -printf - -o -printf r \) \( -writable -printf - -o -printf w \) \
    \( -path "*$newline*" -printf " $gnu_entry !\\n" -o -printf " $gnu_entry %p\\n" \) \) , \
    \( -type f \( ! -readable -printf 'file r' -o -name link ! -writable -printf 'file w' \) \
    \( -path "*$newline*" -printf ' %U %G %m !\n' -o -printf ' %U %G %m %p\n' \) \) , \
    \( -type l -path 'docker/registry/v2/*/*' \( ! -readable -printf 'symlink r' -o -xtype d ! -name "$digest_name" ! -writable -printf 'symlink w' \) \
    \( -path "*$newline*" -printf ' %U %G %m !\n' -o -printf ' %U %G %m %p\n' \) \) \) 2>/dev/null
  echo "end $?"
}

# Prints the names of each foreign owner after the owner's line.
name_owners() {
  while IFS= read -r line; do
    printf '%s\n' "$line"
    case $line in
      'owner all '*)
        numbers=${line#owner all }
        uid=${numbers%% *}
        gid=${numbers#* }
        gid=${gid%% *}
        name_of_user "$uid"
        group_name=$(getent group "$gid" 2>/dev/null)
        printf 'user %s %s\ngroup %s %s\n' "$uid" "$user_name" "$gid" "${group_name%%:*}"
        ;;
    esac
  done
}

# Asks how many repositories the registry itself lists, limited by what one answer can hold. 401 means that it wants a
# token.
ask_catalog() {
  [ -n "$v2_url" ] || return 0
  echo 'catalog'
  ask "${v2_url}_catalog?n=100" "$v2_network"
  printf %s "$answer"
}
