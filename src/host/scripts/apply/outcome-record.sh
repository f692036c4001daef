# The outcome of a plan. "outcome" is its kind; why, path, expected, found and try_result are set as that kind needs.
# The outcome is recorded on the host first and printed from the record, so that a later question gets the same answer.
outcome='' why='' stale_path='' expected='' found='' try_result='' taking_back=''

describe_outcome() {
  field_number=1
  emit kind "$outcome"
  case $outcome in
    stale)
      emit path "$stale_path"
      emit expected "$expected"
      emit found "$found"
      ;;
    applied) emit tried "$try_result" ;;
    undone | refused | undo-failed | unknown) emit why "$why" ;;
  esac
  case $outcome in
    applied | undone | undo-failed) describe_steps ;;
  esac
}

# Describes the steps in the order of the requested plan. An undo loads the steps of the plan that it undoes, so it goes
# through them in reverse.
describe_steps() {
  told=1
  while [ "$told" -le "$step_count" ]; do
    number=$told
    [ -z "$taking_back" ] || number=$((step_count + 1 - told))
    load_step "$number"
    describe_step
    told=$((told + 1))
  done
}

# Describes one step: what it changed on its directory, and then the directory's complete state, before and now.
describe_step() {
  now='not-there' state='not-there'
  with_step read_now
  with_step read_state
  emit step-path "$step_path"
  if [ -n "$taking_back" ]; then emit step-before "$step_to"; else emit step-before "$step_from"; fi
  emit step-after "$now"
  emit step-was "$(state_before)"
  emit step-is "$state"
  emit step-list "$(describe_list)"
}

# Prints the line of this step in the state that was recorded before the first change.
state_before() {
  line_number=0
  while IFS= read -r line && line_number=$((line_number + 1)); do
    if [ "$line_number" = "$number" ]; then printf %s "$line"; return; fi
  done 2>/dev/null <"$claim/before"
}

describe_states() {
  number=1
  while [ "$number" -le "$step_count" ]; do
    load_step "$number"
    state='not-there'
    with_step read_state
    printf '%s\n' "$state"
    number=$((number + 1))
  done
}

# Sets state to mode, owner and access ACL, with "-" in place of the ACL if the host can't show ACLs.
read_state() {
  state='unreadable'
  pinned=$(stat -L -c '%a %u:%g' /proc/self/fd/3) || return
  state_acl=-
  if command -v getfacl >/dev/null; then state_acl=$(acl_of_pinned); fi
  state="$(printf '%04o' "0${pinned%% *}") ${pinned#* } ${state_acl:--}"
}

# Prints where a tree's changed entries are listed, in the file beside this record, and the list's digest.
describe_list() {
  is_tree || return 0
  choose_values
  [ -f "$tree_list" ] || return 0
  list_digest=$(sha256sum <"$tree_list")
  printf '%s %s' "$tree_list" "${list_digest%% *}"
}

# Records the outcome and prints it. If a full disk prevents the record, the outcome is printed anyway, and a later
# question determines it from the inodes.
record_and_print() {
  if describe_outcome | write_durably outcome; then print_recorded; else print_outcome; fi
  # These files were only needed to compare a tree. Its saved list is kept.
  rm -f -- "$claim/now" "$claim/owned"
}

# Prints the kind of the outcome that is on record in the claim $1. Nothing: there is none.
recorded_kind() { tr '\000' '\n' <"$1/outcome" 2>/dev/null | sed -n 2p; }

print_recorded() {
  cat -- "$claim/outcome"
  field_number=$(tr -cd '\000' <"$claim/outcome" | wc -c)
  field_number=$((field_number / 2 + 1))
  finish
}

print_outcome() {
  describe_outcome
  finish
}
