# One step of the plan. File descriptor 3 pins the inode: whatever is renamed or swapped at its path meanwhile, the
# guard changes the same inode that it compared.

# Runs a command with descriptor 3 on the step's directory or file. Returns 99 if it could not be opened.
with_step() {
  with_status=99
  if is_file_step; then with_file "$@"; return; fi
  { "$@"; with_status=$?; } 2>/dev/null 3<"$step_path$slash_dot"
  return $with_status
}

# Like with_step, for a file. Only a regular file is opened: a pipe would wait for its other end, and a device might
# react. Anyone who can write in the directory can still put a pipe there in between; then only this plan waits until
# the guard's timeout.
with_file() {
  if [ -f "$step_path" ] && [ ! -L "$step_path" ]; then
    { "$@"; with_status=$?; } 2>/dev/null 3<"$step_path"
  fi
  return $with_status
}

# Sets slash_dot, which is appended to the path. "/." makes opening fail for anything but a directory, including a pipe,
# which would block. It needs search permission on the directory, which an owner other than root might be about to
# restore.
choose_slash_dot() {
  slash_dot=/.
  [ "$identity_uid" = 0 ] || slash_dot=''
}

read_pinned() {
  pinned=$(stat -L -c '%a:%u:%g:%d:%i' /proc/self/fd/3) || return 1
  pinned_inode=${pinned#*:*:*:}
  pinned_mode=000${pinned%%:*}
  while [ ${#pinned_mode} -gt 4 ]; do pinned_mode=${pinned_mode#0}; done
  pinned_owner=${pinned#*:}
  pinned_owner=${pinned_owner%:"$pinned_inode"}
  pinned_acl=''
  if is_tree || ! command -v getfacl >/dev/null; then return; fi
  read_pinned_acl
  # A step without an ACL was planned for a directory without one. Its three entries then repeat the mode.
  if [ -z "$step_acl" ]; then case ,$pinned_acl in *,mask:*) ;; *) pinned_acl='' ;; esac; fi
}

is_planned_inode() { [ "$pinned_inode" = "$step_device:$step_inode" ]; }
is_at_from() {
  if is_tree; then is_planned_inode && tree_is_at_from; return; fi
  is_planned_inode && [ "$pinned_mode $pinned_owner $pinned_acl" = "$step_mode $step_uid:$step_gid $step_acl" ]
}

is_at_to() {
  if is_tree; then is_planned_inode && tree_is_at_to; return; fi
  case $step_action in
    chmod) is_planned_inode && has_no_other_acl && [ "$pinned_mode $pinned_owner" = "$step_to $step_uid:$step_gid" ] ;;
    chown) is_planned_inode && has_no_other_acl && [ "$pinned_mode $pinned_owner" = "$step_mode $step_to" ] ;;
    setfacl) is_planned_inode && [ "$pinned_owner $pinned_acl" = "$step_uid:$step_gid $step_to" ] ;;
  esac
}

# Whether the directory has no ACL that the plan does not know: chmod(1) sets the mask of an existing one.
has_no_other_acl() { [ -n "$step_acl" ] || [ -z "$pinned_acl" ]; }

# Sets expected and found for the first property that differs from the plan, each to a value or a code
# (src/model/plan/target-state.ts).
describe_difference() {
  if ! is_planned_inode; then
    expected="inode $step_device:$step_inode" found="inode $pinned_inode"
  elif is_tree; then
    expected="entries $step_entries $step_from" found='other-entries-uncounted'
    ! read_tree || found="other-entries $(($(wc -l <"$claim/owned")))"
  elif [ "$pinned_mode" != "$step_mode" ]; then
    expected=$step_mode found=$pinned_mode
  elif [ "$pinned_owner" = "$step_uid:$step_gid" ] && [ "$pinned_acl" != "$step_acl" ]; then
    expected=${step_acl:-no-acl} found=${pinned_acl:-no-acl}
  else
    expected=$step_uid:$step_gid found=$pinned_owner
  fi
}

change_to() {
  if is_tree; then change_tree "$1"; return; fi
  if [ "$step_action" = setfacl ]; then change_why=$(set_acl "$1" 2>&1); return; fi
  change_why=$("$step_action" "$1" /proc/self/fd/3 2>&1)
}

# Sets now to the property that the step changes: a mode, uid:gid, an ACL, or a code.
read_now() {
  now='unreadable'
  read_pinned || return
  if ! is_planned_inode; then now="other-$step_what"; return; fi
  if is_tree; then
    now='mixed'
    if is_at_to; then now=$step_to; elif is_at_from; then now=$step_from; fi
    return
  fi
  case $step_action in chmod) now=$pinned_mode ;; chown) now=$pinned_owner ;; setfacl) now=$pinned_acl ;; esac
}
