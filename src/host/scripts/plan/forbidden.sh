# Refuses a plan that does what no plan can do, and sets why.
refuse_forbidden() {
  if [ "$step_count" -lt 1 ] || [ "$step_count" -gt 64 ]; then why='step-count'; return 1; fi
  number=1 inodes=' '
  while [ "$number" -le "$step_count" ]; do
    load_step "$number"
    is_allowed_path "$step_path" && is_allowed_change || return 1
    step_of=$step_device:$step_inode
    ! is_tree || step_of=$step_of:$step_from:$step_kind
    case $inodes in *" $step_of "*) why="two-steps-for-one $step_what"; return 1 ;; esac
    inodes="$inodes$step_of "
    number=$((number + 1))
  done
}

is_allowed_path() {
  case $1 in
    /*) ;;
    *) why='path-not-absolute'; return 1 ;;
  esac
  case $1 in
    / | /home | /run | /tmp | /var | /var/lib | /var/spool | /var/tmp) ;;
    /bin | /boot | /dev | /etc | /lib | /lib32 | /lib64 | /libx32 | /proc | /root | /sbin | /sys | /usr) ;;
    /bin/* | /boot/* | /dev/* | /etc/* | /lib/* | /lib32/* | /lib64/* | /libx32/*) ;;
    /proc/* | /root/* | /sbin/* | /sys/* | /usr/*) ;;
    /run/systemd | /run/systemd/* | /var/spool/cron | /var/spool/cron/*) ;;
    "${plans%/*}" | "${plans%/*}"/* | "$guard_directory" | "${guard_directory:-/}"/*) ;;
    *) is_physical "$1"; return ;;
  esac
  why='protected-directory'
  return 1
}

is_physical() {
  case $1/ in
    *//* | */./* | */../*) why='path-not-physical'; return 1 ;;
  esac
}

is_allowed_change() {
  if is_file_step; then is_allowed_on_file; return; fi
  if [ -n "$step_kind" ] && ! is_tree; then why='step-contradicts-itself'; return 1; fi
  case $step_action in
    chmod) is_allowed_mode ;;
    chown) is_allowed_owner ;;
    setfacl) is_allowed_acl ;;
    *) why='unknown-action'; return 1 ;;
  esac
}

is_allowed_mode() {
  if is_tree; then is_allowed_tree_mode; return; fi
  case $step_to in
    [0-7][0-7][0-7][0145]) ;;
    [0-7][0-7][0-7][2367]) why='world-writable'; return 1 ;;
    *) why='not-a-mode'; return 1 ;;
  esac
  if [ "${step_to%???}" != "${step_mode%???}" ]; then why='special-bits'; return 1; fi
  if [ "$step_from" != "$step_mode" ] || [ "$step_from" = "$step_to" ]; then why='step-contradicts-itself'; return 1; fi
}

is_allowed_owner() {
  case $step_to in
    *[!0-9:]* | *:*:* | :* | *:) why='not-an-owner'; return 1 ;;
    *:*) ;;
    *) why='not-an-owner'; return 1 ;;
  esac
  if is_tree; then is_allowed_tree; return; fi
  if [ "$step_from" != "$step_uid:$step_gid" ] || [ "$step_from" = "$step_to" ]; then why='step-contradicts-itself'; return 1; fi
  case " $step_uid $tried_uid " in *" ${step_to%:*} "*) ;; *) why='foreign-owner'; return 1 ;; esac
  case " $step_gid $tried_gid $tried_groups " in *" ${step_to#*:} "*) ;; *) why='foreign-group'; return 1 ;; esac
}

# Whether a mode can replace 0777: it leaves the owner what a registry gives it, and lets no one but the group write.
is_allowed_tree_mode() {
  is_allowed_list || return
  case $step_from$step_kind$step_to in
    0777d07[0-7][0145] | 0777f06[0-7][0145]) ;;
    *) why='step-contradicts-itself'; return 1 ;;
  esac
}

is_allowed_list() {
  case $step_entries in [1-9] | ?? | ??? | ???? | 1???? | 20000) ;; *) why='tree-entry-count'; return 1 ;; esac
  if [ -z "$step_digest" ]; then why='step-contradicts-itself'; return 1; fi
}

# Whether a change of a tree's owners gives it only to the service, and each entry keeps its group.
is_allowed_tree() {
  is_allowed_list || return
  if [ "${step_to%:*}" != "$tried_uid" ]; then why='foreign-owner'; return 1; fi
  if [ -n "$step_kind" ] || [ "${step_to#*:}" != "${step_from#*:}" ] || [ "$step_from" = "$step_to" ]; then
    why='step-contradicts-itself'
    return 1
  fi
}

# Compares inodes, because the same directory can have another name, for example by a bind mount.
# shellcheck disable=SC3013
is_protected_inode() {
  for protected in / /bin /boot /dev /etc /home /lib /lib64 /proc /root /run /sbin /sys /tmp /usr /var /var/lib /var/spool /var/tmp \
    /run/systemd /var/spool/cron "${plans%/*}" "${guard_directory:-/}"; do
    [ ! "$1" -ef "$protected" ] || return 0
  done
  is_above_guard "$1" "$guard_directory" || is_above_guard "$1" "$guard_place"
}

# The owner of a directory above the guard could replace the guard with another program.
# shellcheck disable=SC3013
is_above_guard() {
  above=$2
  while [ -n "$above" ]; do
    [ ! "$1" -ef "$above" ] || return 0
    above=${above%/*}
  done
  return 1
}
