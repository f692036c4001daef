# Prints the outcome of a plan that was claimed before: the recorded one, or that the plan still runs. If the plan was
# interrupted, this settles it. A plan that was never started is not started here.
settle_claimed() {
  if [ -f "$claim/outcome" ]; then print_recorded; return; fi
  # The lock on all claims was taken and released, so no claim is being made now, and this one's lock is held by its
  # maker or by no one. A killed process might still be ending, in a write to the disk, so there is more than one try.
  locked=2
  if lock_plans; then unlock_plans; lock_claim 10; locked=$?; fi
  case $locked in
    0) ;;
    1) outcome=running; print_outcome; return ;;
    *) outcome=unknown why='record-not-opened'; print_outcome; return ;;
  esac
  # The process that held the lock might have recorded its outcome just now.
  if [ -f "$claim/outcome" ]; then print_recorded; return; fi
  settle_interrupted
  record_and_print
}

settle_interrupted() {
  # Without an intent, this plan never changed anything. Any difference was made by another process.
  if [ ! -f "$claim/intent" ]; then
    outcome=undone why='interrupted-before-change'
    return
  fi
  # The recorded plan says what was begun, not the plan in the question.
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

# Replaces the requested plan with the one on record in the claim $1.
take_recorded_plan() {
  plan_text=$(cat -- "$1/plan" 2>/dev/null && echo .) || return
  plan_text=${plan_text%.}
  parse_plan
}
