# Restores the directory behind descriptor 3, if it is the planned one and as the plan left it.
put_back() { swap_state is_at_from is_at_to "$step_from"; }

# Changes the step's directory to the value $3. $1 tests whether it has that value, $2 whether it is in the state that
# can be changed.
swap_state() {
  read_pinned || return 1
  ! "$1" || return 0
  # A half-changed tree is in neither state. Its saved list says what to change.
  "$2" || { is_tree && [ -f "$tree_list" ]; } || return 1
  change_to "$3"
  read_pinned && "$1"
}

# Sets sorted to one letter for each step, by its directory's current state: f as before the plan, t as planned, o
# anything else.
sort_steps() {
  sorted='' number=1
  while [ "$number" -le "$step_count" ]; do
    load_step "$number"
    sort=o
    with_step sort_step
    sorted=$sorted$sort
    number=$((number + 1))
  done
}

sort_step() {
  read_pinned || return
  if is_at_from; then sort=f; elif is_at_to; then sort=t; fi
}

undo_all() {
  number=$step_count
  while [ "$number" -ge 1 ]; do
    load_step "$number"
    with_step put_back
    number=$((number - 1))
  done
  sort_steps
  case $sorted in
    *[!f]*) outcome='undo-failed' ;;
    *) outcome=undone ;;
  esac
}
