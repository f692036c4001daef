# The outcome of a plan that was claimed before: the recorded one, or it still runs, or it was interrupted, and then
# this settles it. Never starts what was not started.
settle_claimed() {
  if [ -f "$claim/outcome" ]; then print_recorded; return; fi
  # Once no process is making a claim any more, this one is held by its maker or by none. A killed process might still
  # be exiting, in a write to the disk, so there is more than one try.
  locked=2
  if lock_plans; then unlock_plans; lock_claim 10; locked=$?; fi
  case $locked in
    0) ;;
    1) outcome=running; print_outcome; return ;;
    *) outcome=unknown why='record-not-opened'; print_outcome; return ;;
  esac
  # The lock's holder might have ended just now.
  if [ -f "$claim/outcome" ]; then print_recorded; return; fi
  settle_interrupted
  record_and_print
}

settle_interrupted() {
  # Without an intent nothing was ever changed from here. Any difference was made by another process.
  if [ ! -f "$claim/intent" ]; then
    outcome=undone why='interrupted-before-change'
    return
  fi
  # The recorded plan says what was begun, not the one in the question.
  if ! take_recorded_plan "$claim"; then outcome='undo-failed' why='plan-not-on-record'; return; fi
  if [ -n "$plan_undoes" ]; then finish_taking_back; return; fi
  sort_steps
  case $sorted in
    *[!f]*) ;;
    *) outcome=undone why='interrupted-before-change'; return ;;
  esac
  case $sorted in
    *[!t]*) ;;
    *) if can_try && [ "$try_result" = allowed ] && try_below; then outcome=applied; return; fi ;;
  esac
  undo_all
  why=interrupted
  [ $outcome = undone ] || why='interrupted-between'
}

# Replaces the requested plan with the one on record in $1.
take_recorded_plan() {
  plan_text=$(cat -- "$1/plan" 2>/dev/null && echo .) || return
  plan_text=${plan_text%.}
  parse_plan
}
