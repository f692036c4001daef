# Tests whether the service can now use its storage root and everything else that the plan names. Sets try_result to
# allowed, denied, or failed with a reason. denied_why is the code for what it still can't use, and untested is the
# message instead of an answer. If the plan is for a process in private namespaces, each path is walked and tested in
# the tree that it sees.
try_root() {
  try_result=allowed denied_why='' untested=''
  if [ -n "$view" ]; then try_each_in_view; else try_all_at_once; fi
  [ "$try_result" = allowed ]
}

try_all_at_once() {
  set --
  [ -z "$root" ] || set -- directory "$root" 0
  also_number=1
  while [ "$also_number" -le "$also_count" ]; do
    load_also "$also_number"
    if [ "$also_use" = directory ]; then set -- "$@" directory "$also_path" 0; else set -- "$@" file "$also_path" 0; fi
    also_number=$((also_number + 1))
  done
  tried=$(as_identity /bin/sh -c "$try_child" sh "$@" -- 2>&1 3<&- 9>&- | bounded)
  begin_answers || return
  [ -z "$root" ] || judge_answer root "$root"
  also_number=1
  while [ "$also_number" -le "$also_count" ]; do
    load_also "$also_number"
    judge_answer "$also_use" "$also_path"
    also_number=$((also_number + 1))
  done
}

try_each_in_view() {
  if [ -n "$root" ]; then
    whole_use='directory'
    walk "$root" is_there try_whole_path 3<&- 9>&-
    begin_answers || return
    judge_answer root "$root"
  fi
  also_number=1
  while [ "$also_number" -le "$also_count" ]; do
    load_also "$also_number"
    whole_use='file'
    [ "$also_use" != directory ] || whole_use='directory'
    walk "$also_path" is_there try_whole_path 3<&- 9>&-
    begin_answers || return
    judge_answer "$also_use" "$also_path"
    also_number=$((also_number + 1))
  done
}

# Sets answers to the results after the line with the identity.
begin_answers() {
  case $tried in
    "as $tried_uid $tried_gid "*) answers=${tried#*"$newline"} ;;
    *) not_tried "${tried##*"$newline"}"; return 1 ;;
  esac
}

not_tried() {
  untested=${1:-no-reason}
  try_result="failed try-failed $untested" denied_why="access-not-tested $untested"
}

take_answer() {
  answer=${answers%%"$newline"*}
  answers=${answers#"$answer"}
  answers=${answers#"$newline"}
}

# Takes one target's answers: of use $1, for the path $2. The first one that is not allowed counts for all.
judge_answer() {
  case $answers in target"$newline"*) take_answer ;; esac
  case $1 in
    root) wanted=stat asked='stat list create' ;;
    directory) wanted='stat list create' asked=$wanted ;;
    *) wanted=$1 asked='stat read write' ;;
  esac
  for use in $asked; do
    # A missing result does not count as allowed.
    take_answer
    case $answer in "$use "?*) ;; *) not_tried cut-short; return ;; esac
    case " $wanted " in *" $use "*) ;; *) continue ;; esac
    [ "$try_result" = allowed ] || continue
    case ${answer#* } in
      allowed) ;;
      unknown*) try_result="failed ${answer#*unknown }" ;;
      *) try_result=${answer#* } ;;
    esac
    [ "$try_result" = allowed ] || tell_denied "$1" "$2"
  done
}

tell_denied() {
  case $1 in
    root) denied_why='storage-still-closed' ;;
    read) denied_why="still-unreadable $2" ;;
    write) denied_why="still-unwritable $2" ;;
    directory) denied_why="still-unusable $2" ;;
  esac
}

# Whether access can be tested here. Without a test nothing is changed.
can_try() {
  find_plan_process || return
  prepare_tries
  if [ -z "$try_how" ]; then why="access-not-testable $try_why"; return 1; fi
  try_root
  [ -z "$untested" ] || { why="access-not-testable $untested"; return 1; }
}

# Finds the plan's process. Another process might have its number now, so its start time is compared as well.
find_plan_process() {
  view='' tried_users=''
  [ -n "$plan_process" ] || return 0
  read_start_ticks "$plan_process"
  if [ "$start_ticks" != "$plan_process_start" ]; then
    why='process-ended'
    return 1
  fi
  process_pid=$plan_process view=/proc/$plan_process/root
  read_namespaces
  [ "$process_users" != other ] || tried_users=$plan_process
  is_planned_identity
}

# Whether the process has the identity in the plan, by the kernel. An installed guard also requires that root or the
# service's account started it, and accepts none in a user namespace of its own, where any account can claim any
# identity (user_namespaces(7)).
is_planned_identity() {
  if ! read_identity "/proc/$plan_process/status" ||
    [ "$identity_uid $identity_gid $identity_override $identity_search" != "$tried_uid $tried_gid $tried_override $tried_search" ] ||
    ! is_same_set "$identity_groups" "$tried_groups"; then
    why='process-identity-differs'
    return 1
  fi
  [ "$guard_way" = installed ] || return 0
  case $identity_real_uid in 0 | "$tried_uid") ;; *) why='process-of-other-account'; return 1 ;; esac
  [ "$process_users" = same ] || { why='process-in-user-namespace'; return 1; }
}

is_same_set() {
  for member in $1; do
    case " $2 " in *" $member "*) ;; *) return 1 ;; esac
  done
  for member in $2; do
    case " $1 " in *" $member "*) ;; *) return 1 ;; esac
  done
}
