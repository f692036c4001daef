# What the registry uses beside its storage root: files that its config names, and what is behind a symlink or on a
# filesystem of its own inside the storage. used_count paths, each with a role, the config key that names it, and its
# user if that is not the registry (as an account of this host). Their number is limited. Omitted ones are reported as
# not read.
max_used=40
max_inner=12

choose_used_paths() {
  used_count=0 inner_count=0 inner_paths='' mounts_inside=0
  used_role='' used_key='' used_path='' used_by='' used_end=''
  find_inner_paths
  add_used config '' "$config_path"
  add_used htpasswd "$config_htpasswd_setting" "$config_htpasswd"
  add_used tls-certificate "$config_tls_certificate_setting" "$config_tls_certificate"
  add_used tls-key "$config_tls_key_setting" "$config_tls_key"
  for encoded in $config_client_cas; do
    decode "$encoded"
    add_used tls-client-ca http.tls.clientcas "$decoded"
  done
  add_used acme-cache "$config_acme_cache_setting" "$config_acme_cache"
  add_used token-certificate "$config_token_certificate_setting" "$config_token_certificate"
  if [ "$config_listens" = unix ]; then add_socket_directory; fi
  if [ "$registry_layout" = omnibus ]; then add_omnibus_paths; fi
}

# add_used ROLE KEY PATH [USER[:GROUP]]: adds a path. The registry resolves a relative one from its working directory.
add_used() {
  [ -n "$3" ] && [ $used_count -lt $max_used ] || return 0
  used_by=''
  if [ -n "${4-}" ]; then read_used_by "$4" || return 0; fi
  used_path=$3
  case $3 in
    /*) ;;
    *)
      [ "$process_state" = found ] || return 0
      read_working_directory || return 0
      used_path=${working_directory%/}/$3
      ;;
  esac
  used_count=$((used_count + 1))
  eval "used_${used_count}_role=\$1 used_${used_count}_key=\$2 used_${used_count}_path=\$used_path used_${used_count}_by=\$used_by used_${used_count}_end=''"
}

# Sets used_by to "UID GID NAME". The user is written as for chpst(8), with which Omnibus starts its services and which
# gives it no other group.
read_used_by() {
  used_uid=$(id -u -- "${1%%:*}" 2>/dev/null) || return
  case $1 in
    *:*) used_gid=$(getent group "${1#*:}" 2>/dev/null) used_gid=${used_gid#*:*:} used_gid=${used_gid%%:*} ;;
    *) used_gid=$(id -g -- "$1" 2>/dev/null) ;;
  esac
  case $used_uid$used_gid in *[!0-9]*) return 1 ;; esac
  [ -n "$used_uid" ] && [ -n "$used_gid" ] || return
  used_by="$used_uid $used_gid ${1%%:*}"
}

# Sets the working directory, under the process's own name for it.
read_working_directory() {
  working_directory=$(readlink -n "/proc/$process_pid/cwd" && echo .) || return
  working_directory=${working_directory%.}
  case $working_directory in /*) ;; *) return 1 ;; esac
}

# Adds the directory of the socket: bind(2) creates the socket there, and the registry first removes an old one.
add_socket_directory() {
  case $http_address in
    /*/*) add_used socket-directory http.addr "${http_address%/*}" ;;
    /*) add_used socket-directory http.addr / ;;
  esac
}

# GitLab signs tokens with the key as git. runit's svlogd writes the log as the account that its run script names, or as
# root.
add_omnibus_paths() {
  add_used token-key '' /var/opt/gitlab/gitlab-rails/etc/gitlab-registry.key git
  log_account=''
  { read_log_account </opt/gitlab/service/registry/log/run; } 2>/dev/null
  [ -z "$log_account" ] || add_used log-directory '' /var/log/gitlab/registry "$log_account"
}

# chpst(8): -u USER[:GROUP].
read_log_account() {
  while read -r run_line; do
    case $run_line in
      *svlogd*) ;;
      *) continue ;;
    esac
    case $run_line in *' -u '*) log_account=${run_line##*' -u '} log_account=${log_account%% *} ;; esac
    return 0
  done
}

# Adds the last path of a failed call in the lines with which a registry ended. The bot compares it with its own reading
# of these lines.
add_path_from_log() {
  path_in_log=$(printf '%s\n' "$sections" | grep -aE 'fatal|panic|error' |
    sed -nE 's/^.*(open|stat|read|mkdir) (\/[^:"\\]*): (permission denied|no such file or directory|is a directory|not a directory).*$/\2/p' |
    tail -n 1 | head -c 4096)
  add_used named-in-log '' "$path_in_log"
}

# Finds the paths inside the storage that are walked on their own: those behind a symlink or on another filesystem.
# Directories that fstab has as mount points count as well, because an unmounted one looks like an ordinary directory.
find_inner_paths() {
  [ -n "$root" ] && [ -n "$root_place" ] || return 0
  if [ ! -d "$root_place/docker" ] && [ ! -L "$root_place/docker" ]; then return 0; fi
  inner_paths=$newline link_above=''
  for inner in docker docker/registry docker/registry/v2 docker/registry/v2/repositories docker/registry/v2/blobs docker/registry/v2/blobs/sha256; do
    add_if_link "$inner"
  done
  add_found_inside "$(look_inside)"
  if [ -z "$find_how" ]; then
    choose_find
    [ "$find_how" = printf ] || add_found_inside "$(cd -P -- "$root_place/." && find_links)"
  fi
  # In the process's view the kernel must follow no symlink.
  [ -z "$view" ] || return 0
  split_lines "$inner_paths"
  for inner in $lines; do
    join_words
    add_mounts_below "$(cd -P -- "$root_place/$inner/." 2>/dev/null && mounts_below "$PWD")" "$inner"
    IFS=$newline
  done
  join_words
}

# Prints the mounts in the storage, from inner-mounts.awk, and the symlinks in it. To be called in a subshell.
look_inside() {
  cd -P -- "$root_place/." 2>/dev/null || return 0
  mounts_below "${PWD#"$view"}"
  # GNU's find identifies itself: it is the one that asks the kernel.
  find_links \( -path '*/' \( -readable -o ! -readable \) -printf 'how printf\n' \) ,
}

# Prints the symlinks in the first levels below the blobs and the repositories, as far as a second allows.
find_links() {
  if [ -n "$view" ] && [ -n "$link_above" ]; then return 0; fi
  if ! command -v timeout >/dev/null || ! cd docker/registry/v2/. 2>/dev/null; then return 0; fi
  timeout 1 find blobs/ repositories/ -maxdepth 5 "$@" \( -path "*$newline*" -prune -o -type l -print -o \
    \( -path 'blobs/sha256/*' -o -name _layers -o -name _manifests -o -name _uploads \) -prune \) 2>/dev/null | head -c 8192
}

# Mounts and fstab mount points below the physical directory $1.
mounts_below() {
  mount_table=/proc/self/mountinfo fstab_table=/etc/fstab
  if [ -n "$view" ]; then mount_table=/proc/$process_pid/mountinfo fstab_table=''; fi
  if [ ! -r "$fstab_table" ]; then fstab_table=''; fi
  # Word splitting is wanted: our own words.
  # shellcheck disable=SC2086
  directory=$1 awk "$inner_mounts_awk$newline$decode_path_awk" "$mount_table" $fstab_table 2>/dev/null
}

add_found_inside() {
  add_mounts_below "$1" ''
  split_lines "$1"
  for inner in $lines; do
    join_words
    case $inner in blobs/* | repositories/*) add_inner "docker/registry/v2/$inner" ;; 'how printf') find_how='printf' ;; esac
    IFS=$newline
  done
  join_words
}

# Adds a path if it is a symlink. In the process's view, nothing behind the symlink is read.
add_if_link() {
  if [ -n "$view" ] && [ -n "$link_above" ]; then case $1 in "$link_above"/*) return 0 ;; esac; fi
  # A file where a directory belongs ends the path as well.
  if [ ! -L "$root_place/$1" ]; then
    if [ -e "$root_place/$1" ] && [ ! -d "$root_place/$1" ]; then add_inner "$1"; fi
    return 0
  fi
  link_above=$1
  add_inner "$1"
}

add_inner() {
  case $inner_paths in *"$newline$1$newline"*) return 0 ;; esac
  [ $inner_count -lt $max_inner ] || return 0
  inner_count=$((inner_count + 1))
  inner_paths=$inner_paths$1$newline
  add_used storage '' "${root%/}/$1"
}

# Adds the mounts that mounts_below printed, below the directory of the storage called $2.
add_mounts_below() {
  split_lines "$1"
  for encoded in $lines; do
    join_words
    case $encoded in
      [mf]*)
        decode "${encoded#?}"
        add_mount "${2:+$2/}$decoded"
        case $2$encoded in mdocker/*) mounts_inside=$((mounts_inside + 1)) ;; esac
        ;;
    esac
    IFS=$newline
  done
  join_words
}

add_mount() {
  case $1 in
    *"$newline"*) ;;
    docker | docker/*) add_inner "$1" ;;
  esac
}

# Reports each used path: its role, the key that names it ("-": none) and its user ("-": the registry), and then the
# path.
report_used_paths() {
  number=1
  while [ $number -le $used_count ]; do
    load_used $number
    emit used-path "$used_role ${used_key:--} ${used_by:--}"
    emit used-path-at "$used_path"
    number=$((number + 1))
  done
}

load_used() {
  eval "used_role=\$used_$1_role used_key=\$used_$1_key used_path=\$used_$1_path used_by=\$used_$1_by used_end=\$used_$1_end"
}

# A directory is listed and written, a file is read or written.
kind_of_use() {
  case $used_role in
    storage | socket-directory | log-directory) use='directory' ;;
    *) use='file' ;;
  esac
}
