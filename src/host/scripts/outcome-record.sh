# What became of the plan: outcome is its kind, with why, path, expected, found and try_result as that kind has them.
# Recorded on the host first, then printed from there, so that whoever asks later reads the same.
outcome='' why='' stale_path='' expected='' found='' try_result=''

describe_outcome() {
  record_number=1
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

describe_steps() {
  number=1
  while [ $number -le "$step_count" ]; do
    load_step $number
    now='not there'
    with_step read_now
    emit step-path "$step_path"
    emit step-before "$step_from"
    emit step-after "$now"
    number=$((number + 1))
  done
}

# A full disk must not hide what was done: then it is printed all the same, and found again from the inodes later.
record_and_print() {
  if describe_outcome | write_durably outcome; then print_recorded; else print_outcome; fi
  # What a tree was compared by; the list that was saved of it stays.
  rm -f -- "$claim/now" "$claim/owned"
}

print_recorded() {
  cat -- "$claim/outcome"
  record_number=$(tr -cd '\000' <"$claim/outcome" | wc -c)
  record_number=$((record_number / 2 + 1))
  finish
}

print_outcome() {
  describe_outcome
  finish
}
