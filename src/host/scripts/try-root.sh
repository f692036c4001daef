# Does the service now reach its storage root? Sets try_result to allowed, denied, or failed with a reason. Where the plan is
# for a process in namespaces of its own, the way is walked and tried in the tree that it sees.
try_root() {
  if [ -n "$view" ]; then
    walk "$root" is_there try_whole_way 3<&- 9>&-
  else
    tried=$(as_identity /bin/sh -c "$try_child" sh "$root" 0 2>&1 3<&- 9>&- | bounded)
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
}
