# Prints a plan's outcome. Starts no plan, and settles an interrupted one.
outcome_main() {
  trap '' HUP INT PIPE TERM
  begin apply
  outcome=unknown
  if find_plans look; then
    if ! is_signed; then print_outcome; return; fi
    claim=$plans/$plan_hash untrusted=$plans/$plan_hash
    if own_directory "$claim"; then settle_claimed; return; fi
  fi
  # The plan was never started only if it is certain that the path does not exist.
  if [ -n "$untrusted" ] && [ ! -L "$untrusted" ] && [ ! -e "$untrusted" ]; then
    explain_unseen "$untrusted"
    if [ -z "$unseen_why" ]; then outcome='never-started'; else why="record-unseen $unseen_why"; fi
  fi
  [ -n "$why" ] || why='record-not-own'
  print_outcome
}
