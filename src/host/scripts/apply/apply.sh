# Applies one plan, once: claims it, compares everything with the plan, records the intent, changes, tests as the
# service, rolls back if that did not help, records the outcome and prints it. A hang-up does not stop it half-way.
apply_main() { run_once carry_out; }

# Runs $1 for the plan, at most once.
run_once() {
  trap '' HUP INT PIPE TERM
  begin apply
  outcome=refused
  if ! can_lock; then print_outcome; return; fi
  if ! find_plans make; then print_outcome; return; fi
  if ! is_signed; then print_outcome; return; fi
  claim=$plans/$plan_hash
  if ! lock_plans; then why='record-not-locked'; print_outcome; return; fi
  # A plan that was claimed is told, however full the disk is now.
  if [ ! -e "$claim" ] && ! has_room; then unlock_plans; print_outcome; return; fi
  if ! mkdir -- "$claim" 2>/dev/null; then
    unlock_plans
    if own_directory "$claim"; then settle_claimed; return; fi
    why='not-recorded'
    print_outcome
    return
  fi
  if ! lock_claim 1; then outcome=unknown why='record-not-locked'; print_outcome; return; fi
  unlock_plans
  "$1"
  record_and_print
}

carry_out() {
  if [ -n "$plan_undoes" ]; then why='takes-plan-back'; return; fi
  refuse_forbidden && is_for_now && is_permitted && is_judged && can_try && compare_all || return
  if ! record_intent; then why='not-recorded'; return; fi
  touched='' undo_failed='' reached=0 why='unreadable directory'
  if apply_from 1; then outcome=applied
  elif [ -n "$undo_failed" ]; then outcome='undo-failed'
  elif [ -z "$touched" ] && [ -n "$stale_path" ]; then outcome=stale
  else outcome=undone
  fi
}

read_boot() {
  hostname='' boot_id='' uptime=''
  read -r hostname 2>/dev/null </proc/sys/kernel/hostname
  read -r boot_id 2>/dev/null </proc/sys/kernel/random/boot_id
  read -r uptime _ 2>/dev/null </proc/uptime
}

# Whether the plan is for this host and this boot, and not expired by a clock that no one can set.
is_for_now() {
  read_boot
  if [ -z "$plan_nonce" ] || [ -z "$plan_hostname" ] || [ -z "$plan_boot_id" ] || [ -z "$plan_until" ]; then
    why='scope-missing'
  elif [ "$hostname" != "$plan_hostname" ]; then
    why='other-host'
  elif [ "$boot_id" != "$plan_boot_id" ]; then
    why='host-restarted'
  # A number that the shell cannot compare counts as no time left.
  elif ! [ "${uptime%%.*}" -le "$plan_until" ] 2>/dev/null; then
    why='time-is-up'
  else
    return 0
  fi
  return 1
}

is_judged() {
  judge_risk
  if [ "$plan_risk$judged_risk" = lowhigh ]; then why='risk-understated'; return 1; fi
  is_approved
}

# Records first the current state, and then the intent: from here on, something can have been changed. The checkpoint is kept with
# them, so that the bot's record can be compared with what it said of itself when the plan ran.
record_intent() {
  printf %s "$plan_text" | write_durably plan &&
    describe_states | write_durably before &&
    keep_checkpoint &&
    printf 'plan %s\nboot %s\nat %s\nsigned by %s\n' "$plan_id" "$boot_id" "$(date +%s)" "${signer:--}" | write_durably intent
}

keep_checkpoint() { [ -z "$plan_checkpoint" ] || printf '%s\n' "$plan_checkpoint" | write_durably checkpoint; }

compare_all() {
  find_path
  is_permitted_place || return
  if [ -n "$root_inode" ] && is_protected_inode "$view$root_end"; then why='protected-storage'; return 1; fi
  [ -z "$path_why" ] || { why=$path_why; return 1; }
  compare_each compare_pinned
}

# Compares the directory or file of every step with $1, which has it pinned.
compare_each() {
  number=1
  while [ "$number" -le "$step_count" ]; do
    load_step "$number"
    why="unreadable $step_what"
    with_step "$1"
    case $? in
      0) ;;
      99) not_openable; return 1 ;;
      *) return 1 ;;
    esac
    number=$((number + 1))
  done
}

compare_pinned() {
  is_of_its_kind || return 1
  if is_protected_inode /proc/self/fd/3; then why='protected-directory'; return 1; fi
  if ! is_where_planned; then why='path-over-link'; return 1; fi
  if [ -n "$step_acl" ] && ! has_acl_tools; then return 1; fi
  read_pinned || return 1
  ! is_planned_inode || is_related || return 1
  ! is_tree || refuse_tree || return 1
  if is_at_from; then ! is_tree || save_tree; return; fi
  stale
}

is_of_its_kind() {
  if is_file_step; then is_plain_file; return; fi
  if [ ! -d /proc/self/fd/3 ]; then why='not-a-directory'; return 1; fi
}

# Whether the pinned directory has the planned path, by the kernel's own name for it. The owner of a directory on the
# path, for example the registry in its container, could put a symlink in its place. The path that people approved would
# then lead to another directory.
is_where_planned() { [ "$(readlink -n /proc/self/fd/3 && echo .)" = "$step_path." ]; }

stale() {
  outcome=stale stale_path=$step_path
  describe_difference
  why="changed-meanwhile $step_what"
  return 1
}

not_openable() {
  if is_file_step && [ -e "$step_path" ] && { [ ! -f "$step_path" ] || [ -L "$step_path" ]; }; then why='not-a-file'; return; fi
  if ! is_file_step && [ -e "$step_path" ] && [ ! -d "$step_path" ]; then why='not-a-directory'; return; fi
  explain_unseen "$step_path"
  outcome=stale stale_path=$step_path expected="inode $step_device:$step_inode" found='not-there'
  [ -z "$unseen_why" ] || found='unseen'
  why="not-openable $step_what"
}

# Applies the steps from number $1 on. Each keeps its directory or file pinned while the later ones run, and rolls it
# back if one of them fails.
apply_from() {
  if [ "$1" -gt "$step_count" ]; then
    if try_root; then try_below; else why=$denied_why; fi
    [ "$try_result" = allowed ]
    return
  fi
  load_step "$1"
  with_step apply_pinned "$1"
  apply_status=$?
  [ "$reached" -ge "$1" ] || not_openable
  return "$apply_status"
}

# Sets why from the failed command's message in change_why, which can be empty.
tell_unchanged() {
  if [ -n "$change_why" ]; then why="change-failed $step_action ${change_why##*: }"
  elif is_tree; then why="entry-differs $step_action"
  else why="change-without-effect $step_action"
  fi
}

apply_pinned() {
  reached=$1
  read_pinned || return
  if ! is_at_from; then stale; return 1; fi
  change_to "$step_to"
  read_pinned
  if ! is_at_to; then
    tell_unchanged
    put_back || undo_failed=yes
    return 1
  fi
  touched=yes
  apply_from $(($1 + 1)) && return
  load_step "$1"
  put_back || undo_failed=yes
  return 1
}
