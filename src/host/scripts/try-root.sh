# Does the service now reach its storage root? Sets try_result to allowed, denied, or failed with a reason.
try_root() {
  tried=$(as_identity /bin/sh -c "$try_child" sh "$root" 2>&1 3<&- 9>&-)
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
  prepare_tries
  if [ -z "$try_how" ]; then why="the service's access cannot be tried: $try_why"; return 1; fi
  try_root
  case $try_result in
    'failed trying as'*) why="the service's access cannot be tried: ${tried##*"$newline"}"; return 1 ;;
  esac
}
