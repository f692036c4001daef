# The guard: everything that root runs for Registry Doctor, in one program. It reads one request, does that one thing,
# and exits.
#
# - It trusts no one, neither the account that connects nor the bot. It parses the request itself (request.sh), checks
#   the signature (signature.sh), what the host permits (permitted.sh) and what is forbidden (forbidden.sh, risk.sh),
#   and compares every directory with the plan before it changes any (step.sh).
# - A plan goes claimed → running → applied, undone, undo-failed or refused, and is claimed only once (claim.sh). Its
#   record is written before the first change, so that the next guard finishes what a killed one began (settle.sh,
#   outcome.sh).
# - It runs in two ways: over standard input for a trial, with the request as an argument; or installed, without an
#   argument, and then it reads the request itself.

# An installed guard ends itself, because the bot can't be trusted to end it. This is more time than a whole tree on a
# slow disk needs.
longest_seconds=600

guard_main() {
  guard_way=installed guard_directory='' guard_place=''
  has_tools awk cat grep head readlink stat tr || exit 69
  case ${1-} in
    # Accepting this argument on the installed file would bypass the signature check.
    over-stdin)
      is_from_stdin || exit 64
      guard_way=over-stdin request=${2-}
      ;;
    '') has_tools env || exit 69; end_in_time "$0" ;;
    in-time) find_own_place "$0" && read_request || exit 78 ;;
    *) exit 64 ;;
  esac
  # Everything has been read, so no program that runs from here gets the channel to the other side as its input. bash
  # takes a socket there as a sign that rshd has started it, and then reads start-up files (bash(1), "remote shell
  # daemon").
  exec </dev/null
  if ! parse_request; then refuse_request; return; fi
  case $verb in
    probe) has_tools date id ;;
    apply | undo | outcome) has_plan_tools ;;
  esac || exit 69
  case $verb in
    version) version_main ;;
    ask) ask_main ;;
    probe) probe_main ;;
    apply) apply_main ;;
    undo) undo_main ;;
    outcome) outcome_main ;;
    plans) plans_main ;;
  esac
}

# Sets why to what would keep every plan from running here, or to ''. A login that is not root needs no other identity: it
# tests its own access, or none (prepare_tries). identity_uid is the login's.
find_why_no_plan() {
  command -v timeout >/dev/null || { why='access-not-testable missing-on-host timeout'; return; }
  [ "$identity_uid" != 0 ] || can_set_identity || { why="access-not-testable $try_why"; return; }
  can_lock || return
  [ "$guard_way" != installed ] || command -v ssh-keygen >/dev/null || { why='no-ssh-keygen'; return; }
  has_plan_tools 2>/dev/null || { why="tool-missing $tool"; return; }
  find_plans look || case $why in directory-not-made*) ;; *) return ;; esac
  has_room || :
}

# Without one of these, what the guard reads and prints would be incomplete, and look complete. The other programs that it
# runs are missed one by one, and each fact that they were for is unknown.
has_tools() {
  for tool; do
    command -v "$tool" >/dev/null || { echo "registry-doctor guard: tool-missing $tool" >&2; return 1; }
  done
}

has_plan_tools() { has_tools chmod date dd id mkdir mv sed wc; }

# The shell's flags show whether the program came from standard input (POSIX, sh -s).
is_from_stdin() { case $- in *s*) ;; *) return 1 ;; esac; }

# Runs on with a fresh environment, so that bash finds nothing in it to use (setup.sh). Killed at the end, and not
# before: a signal to timeout is passed on to the guard, which ignores it (timeout(1); with -k the kill would come soon
# after).
end_in_time() {
  set -- env -i HOME="$login_home" LC_ALL=C PATH="$PATH" /bin/sh "$1" in-time
  if command -v timeout >/dev/null; then exec timeout -s KILL $longest_seconds "$@"; fi
  exec "$@"
}

# Only root must be able to change these: the files beside this one decide whose plans are applied.
find_own_place() {
  guard_file=$1 guard_directory=${1%/*}
  case $guard_file in /*) ;; *) echo 'registry-doctor guard: not-called-by-path' >&2; return 1 ;; esac
  is_own_place_trusted || { echo "registry-doctor guard: $why" >&2; return 1; }
}

# Checks the guard under the name that it was called by, and under its physical name.
is_own_place_trusted() {
  guard_place=$(cd -P -- "$guard_directory" 2>/dev/null && pwd -P)
  is_trusted "$guard_directory" && is_trusted "$guard_file" && is_path_trusted "$guard_directory" && is_path_trusted "$guard_place"
}

# Checks the directories above $1: anyone who can write in one of them could replace what is below, unless that directory is
# sticky (inode(7), S_ISVTX).
is_path_trusted() {
  above=$1
  while above=${above%/*} && [ -n "$above" ]; do
    is_trusted_above "$above" || return
  done
  is_trusted_above /
}

is_trusted_above() {
  if [ -L "$1" ] && [ "$(stat -c %u -- "$1" 2>/dev/null)" != 0 ]; then why="open-link $1"; return 1; fi
  case $(stat -L -c '%u %A' -- "$1" 2>/dev/null) in
    '0 '?????-??-? | '0 '?????????[tT]) ;;
    *) why="open-directory $1"; return 1 ;;
  esac
}

is_trusted() {
  case $(stat -c '%u %A' -- "$1" 2>/dev/null) in
    '0 '?????-??-?*) ;;
    *) why="untrusted-file $1"; return 1 ;;
  esac
}

# Answers a request that was refused, in the answer format as far as the request could be read.
refuse_request() {
  outcome=refused why=$problem
  case $verb in
    apply | undo) begin apply; print_outcome ;;
    # The question about a plan's outcome was not understood, so the outcome is unknown.
    outcome) begin apply; outcome=unknown; print_outcome ;;
    *) echo "registry-doctor guard: $problem" >&2; exit 64 ;;
  esac
}

version_main() {
  begin version
  read_identity "/proc/$$/status"
  read_boot
  emit way "$guard_way"
  emit uid "$identity_uid"
  digest=''
  [ "$guard_way" != installed ] || digest=$(sha256sum <"$guard_file")
  emit digest "${digest%% *}"
  emit hostname "$hostname"
  emit boot-id "$boot_id"
  emit uptime "$uptime"
  report_beside signers-bot allowed_signers
  report_beside signers-approvers approver_signers
  report_beside permitted-storage permitted_storage
  find_why_no_plan
  emit record-refused "$why"
  finish
}
