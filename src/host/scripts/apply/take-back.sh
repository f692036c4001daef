# Undoes an applied plan: each directory or file gets its earlier state again, in reverse order. The undo is signed,
# approved and claimed like any other plan, and has to be the exact reverse of the plan on record here. The earlier
# state comes from that record.
undo_main() { run_once take_back; }

take_back() {
  if [ -z "$plan_undoes" ]; then why='takes-no-plan-back'; return; fi
  is_for_now && judge_taking_back && compare_each compare_pinned_applied || return
  if ! record_intent; then why='not-recorded'; return; fi
  if put_all_back; then outcome=applied; return; fi
  why='not-put-back'
  apply_all_again
}

# Sets undone_claim, keeps the requested plan in undo_text, and replaces it with the one on record.
judge_taking_back() {
  undone_claim=$plans/$plan_undoes undo_text=$plan_text undo_risk=$plan_risk undo_id=$plan_id
  if ! own_directory "$undone_claim" || ! was_applied; then why='undone-plan-not-applied'; return 1; fi
  reverse=$(reversed_steps)
  wanted=$plan_undoes
  if ! take_recorded_plan "$undone_claim" || [ "$plan_hash" != "$wanted" ] || [ -n "$plan_undoes" ]; then
    why='undone-plan-not-on-record'
    return 1
  fi
  taking_back=yes
  if [ "$(steps_on_record)" != "$reverse" ]; then why='not-the-reverse'; return 1; fi
  refuse_forbidden && is_permitted || return
  ! would_open_to_everybody || return
  judge_risk
  if [ "$undo_risk$judged_risk" = lowhigh ]; then why='risk-understated'; return 1; fi
  plan_text=$undo_text plan_id=$undo_id
  is_approved
}

was_applied() { [ "$(recorded_kind "$undone_claim")" = applied ]; }

# Prints the requested plan's steps as the recorded plan has them: last one first, with "to" and "from" exchanged.
reversed_steps() {
  number=$step_count
  while [ "$number" -ge 1 ]; do
    load_step "$number"
    tell_step "$step_to" "$step_from"
    number=$((number - 1))
  done
}

steps_on_record() {
  number=1
  while [ "$number" -le "$step_count" ]; do
    load_step "$number"
    tell_step "$step_from" "$step_to"
    number=$((number + 1))
  done
}

tell_step() { printf '%s.\n' "$step_action $step_device:$step_inode $1 $2 $step_entries $step_digest $step_kind $step_path"; }

# Whether the undo would let everyone write again. That is refused even to restore an earlier state.
would_open_to_everybody() {
  number=1
  while [ "$number" -le "$step_count" ]; do
    load_step "$number"
    # An ACL change by a plan never takes anything from other accounts, so its undo gives nothing back to them.
    case $step_action$step_from in chmod???[2367]) why='world-writable'; return 0 ;; esac
    number=$((number + 1))
  done
  return 1
}

compare_pinned_applied() {
  is_of_its_kind || return 1
  if is_protected_inode /proc/self/fd/3; then why='protected-directory'; return 1; fi
  if ! is_where_planned; then why='path-over-link'; return 1; fi
  if [ -n "$step_acl" ] && ! has_acl_tools; then return 1; fi
  read_pinned || return
  if is_tree; then refuse_tree && take_list || return; fi
  if is_at_to; then return; fi
  outcome=stale stale_path=$step_path expected=$step_to
  read_now
  found=$now why="not-as-left $step_what"
  return 1
}

# Uses the list of a tree's entries that was saved when the plan ran, which is the list that was approved.
take_list() {
  choose_values
  if write_durably "${tree_list##*/}" 2>/dev/null <"$undone_claim/${tree_list##*/}" && has_planned_digest "$tree_list"; then return 0; fi
  why='list-not-on-record'
  return 1
}

put_all_back() {
  number=$step_count
  while [ "$number" -ge 1 ]; do
    load_step "$number"
    with_step put_back || return
    number=$((number - 1))
  done
  if can_try; then return 0; fi
  try_result=${try_result:-failed not-tried-after-change}
}

# Applies the steps again that this undo has already reverted.
apply_all_again() {
  outcome=undone number=1
  while [ "$number" -le "$step_count" ]; do
    load_step "$number"
    with_step apply_again || outcome='undo-failed'
    number=$((number + 1))
  done
}

apply_again() { swap_state is_at_to is_at_from "$step_to"; }

# Finishes an undo that was interrupted. It goes forward, because the earlier state is the safer one.
finish_taking_back() {
  undone_claim=$plans/$plan_undoes
  if ! take_recorded_plan "$undone_claim"; then outcome='undo-failed' why='plan-not-on-record'; return; fi
  taking_back=yes
  sort_steps
  case $sorted in
    *[!t]*) ;;
    *) outcome=undone why='interrupted-before-change'; return ;;
  esac
  if put_all_back; then outcome=applied; return; fi
  outcome='undo-failed' why='interrupted-between'
}
