# The guard: everything that root runs for Registry Doctor, in one program. It reads one request, does that one thing, and exits.
#
# - It trusts no one, neither the account that connects nor the bot: it parses the request by itself (request.sh), checks the signature
#   (signature.sh), what the host permits (permitted.sh) and what is forbidden (forbidden.sh, risk.sh), and compares every directory
#   with the plan before it changes any (step.sh).
# - A plan goes claimed → running → applied, undone, undo-failed or refused, and is claimed once only (claim.sh). The record of it is written before
#   the first change, so that a guard that was killed is finished by the next one (settle.sh, outcome.sh).
# - Two ways to run it: over standard input for a trial, called with the request; or installed, called without an argument, when it
#   reads the request itself.

# An installed guard ends on its own: the other side can't be made to see to that. More than a whole tree on a slow disk needs.
longest_seconds=600

guard_main() {
  guard_way=installed guard_directory='' guard_place=''
  case ${1-} in
    # Accepting this argument on the installed file would bypass the signature check.
    over-stdin)
      is_from_stdin || exit 64
      guard_way=over-stdin request=${2-}
      ;;
    '') end_in_time "$0" ;;
    in-time) find_own_place "$0" && read_request || exit 78 ;;
    *) exit 64 ;;
  esac
  # All of it has been read: no program that runs from here has the channel to the other side for its input. bash takes a socket there
  # for a sign that rshd has started it, and reads start-up files then (bash(1), "remote shell daemon").
  exec </dev/null
  if ! parse_request; then refuse_request; return; fi
  case $verb in
    version) version_main ;;
    ask) ask_main ;;
    probe) probe_main ;;
    apply) apply_main ;;
    undo) undo_main ;;
    outcome) outcome_main ;;
  esac
}

# A shell says so of itself, and of a program in a file it does not (POSIX, sh -s).
is_from_stdin() { case $- in *s*) ;; *) return 1 ;; esac; }

# From here on with an environment that is made here, so that a bash has nothing left in it that it would take (setup.sh).
# Killed at the end, and not before: a signal to timeout is handed on to the guard, which ignores it (timeout(1); with -k it would be
# killed soon after).
end_in_time() {
  set -- env -i HOME="$login_home" LC_ALL=C PATH="$PATH" /bin/sh "$1" in-time
  if command -v timeout >/dev/null; then exec timeout -s KILL $longest_seconds "$@"; fi
  exec "$@"
}

# What nobody but root may change: what stands beside this file decides whose plans are carried out.
find_own_place() {
  guard_file=$1 guard_directory=${1%/*}
  case $guard_file in /*) ;; *) echo 'registry-doctor guard: not-called-by-path' >&2; return 1 ;; esac
  is_own_place_trusted || { echo "registry-doctor guard: $why" >&2; return 1; }
}

# By the name that it was called by, and by the one that no link is part of.
is_own_place_trusted() {
  guard_place=$(cd -P -- "$guard_directory" 2>/dev/null && pwd -P)
  is_trusted "$guard_directory" && is_trusted "$guard_file" && is_way_trusted "$guard_directory" && is_way_trusted "$guard_place"
}

# Whoever may write in a directory above could put another one in its place; not where it is sticky (inode(7), S_ISVTX).
is_way_trusted() {
  way=$1
  while way=${way%/*} && [ -n "$way" ]; do
    is_trusted_above "$way" || return
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

# Told in the form of an answer as far as the request could be read.
refuse_request() {
  outcome=refused why=$problem
  case $verb in
    apply | undo) begin apply; print_outcome ;;
    # What became of a plan is not known because the question was not understood.
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
  finish
}
