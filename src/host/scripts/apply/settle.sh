# What became of a plan that was claimed before: its recorded outcome; or it is still at work; or it was interrupted, and
# then this puts an end to it. Never starts what was not started.
settle_claimed() {
  if [ -f "$claim/outcome" ]; then print_recorded; return; fi
  # Once nobody is making a claim any more, this one is held by its maker or by nobody. What a kill has ended may still
  # be on its way out, in a write to the disk: hence more than one try.
  locked=2
  if lock_plans; then unlock_plans; lock_claim 10; locked=$?; fi
  case $locked in
    0) ;;
    1) outcome=running; print_outcome; return ;;
    *) outcome=unknown why='record-not-opened'; print_outcome; return ;;
  esac
  # Whoever held the lock may have ended just now.
  if [ -f "$claim/outcome" ]; then print_recorded; return; fi
  settle_interrupted
  record_and_print
}

settle_interrupted() {
  # Without an intent nothing was ever changed from here: what differs was changed by somebody else.
  if [ ! -f "$claim/intent" ]; then
    outcome=undone why='interrupted-before-change'
    return
  fi
  # What was begun is told by what was written down then, not by whoever asks now.
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

# Takes the plan that is on record in $1 in place of the one that was asked about.
take_recorded_plan() {
  plan_text=$(cat -- "$1/plan" 2>/dev/null && echo .) || return
  plan_text=${plan_text%.}
  parse_plan
}
