# Does the service now reach its storage root? Sets try_result to allowed, denied, or failed with a reason. Where the plan is
# for a process in namespaces of its own, the way is walked and tried in the tree that it sees.
try_root() {
  if [ -n "$view" ]; then
    whole_use=directory
    walk "$root" is_there try_whole_way 3<&- 9>&-
  else
    tried=$(as_identity /bin/sh -c "$try_child" sh directory "$root" 0 -- 2>&1 3<&- 9>&- | bounded)
  fi
  case $tried in
    "as $tried_uid $tried_gid "*) ;;
    *) try_result="failed trying as the service failed: ${tried##*"$newline"}"; return 1 ;;
  esac
  try_result=${tried##*"${newline}stat "}
  try_result=${try_result%%"$newline"*}
  [ "$try_result" = allowed ]
}

# Nothing is changed that could not be tried afterwards.
can_try() {
  find_plan_process || return
  prepare_tries
  if [ -z "$try_how" ]; then why="the service's access cannot be tried: $try_why"; return 1; fi
  try_root
  case $try_result in
    'failed trying as'*) why="the service's access cannot be tried: ${tried##*"$newline"}"; return 1 ;;
  esac
}

# Its number may belong to another process by now: the one of the plan is told by when it started.
find_plan_process() {
  view='' tried_users=''
  [ -n "$plan_process" ] || return 0
  read_start_ticks "$plan_process"
  if [ "$start_ticks" != "$plan_process_start" ]; then
    why='the registry process that the plan was made for has ended'
    return 1
  fi
  process_pid=$plan_process view=/proc/$plan_process/root
  read_namespaces
  [ "$process_users" != other ] || tried_users=$plan_process
  is_planned_identity
}

# A plan may say whatever it likes of the process that it names. What anybody's process may claim to be, in a user namespace that
# anybody can make (user_namespaces(7)), is nothing for an installed guard.
is_planned_identity() {
  if ! read_identity "/proc/$plan_process/status" ||
    [ "$identity_uid $identity_gid $identity_override $identity_search" != "$tried_uid $tried_gid $tried_override $tried_search" ] ||
    ! is_same_set "$identity_groups" "$tried_groups"; then
    why='the process that the plan names has another identity than the plan says'
    return 1
  fi
  [ "$guard_way" = installed ] || return 0
  case $identity_real_uid in 0 | "$tried_uid") ;; *) why='somebody else than the service runs the process that the plan names'; return 1 ;; esac
  [ "$process_users" = same ] || { why='the process that the plan names is in a user namespace of its own'; return 1; }
}

is_same_set() {
  for member in $1; do
    case " $2 " in *" $member "*) ;; *) return 1 ;; esac
  done
  for member in $2; do
    case " $1 " in *" $member "*) ;; *) return 1 ;; esac
  done
}
