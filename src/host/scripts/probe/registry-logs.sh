# The end of the registry's own logs, newest file first: "f CUT NAME" (cut: y or n), then registry-logs.awk's output for
# it, or why there is none. Read back from now without a gap, up to log_budget bytes in all and 9 files, so that "since
# when" can be answered.
collect_registry_logs() {
  log_budget=8388608 log_why='' log_files=0
  if [ "$registry_layout" = omnibus ]; then ship_supervisor_words; ship_svlogd_directory
  elif ship_own_files || ship_container_log || ship_journal || ship_usual_files; then :
  fi
  [ "$log_files" -gt 0 ] || printf 'logs unknown %s\n' "${log_why:-no-log-found}"
}

# Sends runit's own failures, which are in no log: runsvdir(8) keeps the end of its messages in its own arguments, after
# "log: ", and adds a dot each quarter of an hour, so text that ends with a newline is recent. Anyone can give a process
# this name, so only root's counts.
ship_supervisor_words() {
  set +f
  supervisor=$(grep -lx runsvdir /proc/[0-9]*/comm 2>/dev/null | head -n 1)
  set -f
  supervisor=${supervisor%/comm}
  [ -n "$supervisor" ] && [ "$(stat -c %u -- "$supervisor" 2>/dev/null)" = 0 ] || return 0
  supervisor_words=$(head -c 8192 2>/dev/null <"$supervisor/cmdline" | tr '\000' '\001')
  case $supervisor_words in *"log: "*"$newline$soh") ;; *) return 0 ;; esac
  supervisor_words=$(printf '%s\n' "${supervisor_words##*log: }" | sed 's/^\.*//' | grep -aE '^(svlogd: .*/registry|runsv registry(/log)?: )')
  [ -n "$supervisor_words" ] || return 0
  log_files=1
  printf 'f n runsvdir\n%s\n' "$(printf '\n%s\n' "$supervisor_words" | sift_log 8192)"
}

# Sends an Omnibus log: svlogd writes "current" and renames it to @TAI64N (svlogd(8)), and these names sort by time.
ship_svlogd_directory() {
  log_directory=$(sed -n 's#.*svlogd .*[[:space:]]\(/[^[:space:]]*\).*#\1#p' /opt/gitlab/service/registry/log/run 2>/dev/null | head -n 1)
  log_directory=${log_directory:-/var/log/gitlab/registry}
  explain_unseen "$log_directory/current"
  log_why=$unseen_why
  [ "$unseen_why" != not-permitted ] || log_why="not-permitted-at $log_directory/current"
  ship_file_and_older "$log_directory/current"
}

# Sends the files that the running process writes to.
ship_own_files() {
  [ "$process_state" = found ] || return 1
  own_files=''
  for descriptor in 1 2; do
    own_file=$(readlink "/proc/$process_pid/fd/$descriptor" 2>/dev/null) || continue
    case $own_file in /dev/* | *"$newline"* | *' (deleted)') continue ;; /*) ;; *) continue ;; esac
    own_file=/proc/$process_pid/root$own_file
    if [ -f "$own_file" ] && [ "$own_file" != "$own_files" ] && is_written_to "$descriptor"; then
      own_files=$own_file
      ship_file_and_older "$own_file"
    fi
  done
  [ "$log_files" -gt 0 ]
}

# The process has it open for writing. A file that it can only name, it might have root read for it (open(2), O_PATH).
# shellcheck disable=SC3013
is_written_to() {
  [ "$own_file" -ef "/proc/$process_pid/fd/$1" ] && grep -qE '^flags:.*[1256]$' "/proc/$process_pid/fdinfo/$1" 2>/dev/null
}

# Sends the log of Docker's json-file driver. The container's id is in the cgroup of its process.
ship_container_log() {
  [ "$process_state" = found ] || return 1
  container=$(grep -oE '[0-9a-f]{64}' "/proc/$process_pid/cgroup" 2>/dev/null | head -n 1)
  [ -n "$container" ] || return 1
  container_log=/var/lib/docker/containers/$container/$container-json.log
  ship_file_and_older "$container_log"
}

ship_journal() {
  [ -d /run/log/journal ] || [ -d /var/log/journal ] || return 1
  if ! command -v journalctl >/dev/null; then log_why='missing-on-host journalctl'; return 1; fi
  find_unit
  set --
  for unit in $registry_unit; do set -- "$@" -u "$unit"; done
  journal=$({ echo; no_longer_than 4 journalctl -q --no-pager -o short-unix -n 20000 "$@" 2>/dev/null; } | tail -c "$log_budget" | sift_log 131072)
  case $journal in *"${newline}l "* | 'l '*) ;; *) log_why="journal-empty $registry_unit"; return 1 ;; esac
  log_files=1
  # The newest 20000 lines. Whether there are older ones is unknown.
  printf 'f y journal\n%s\n' "$journal"
}

# Sends the files that a stopped service might have written to.
ship_usual_files() {
  for usual in /var/log/docker-registry.log /var/log/docker-registry/registry.log /var/log/registry.log /var/log/registry/registry.log; do
    ! ship_file_and_older "$usual" || return 0
  done
  return 1
}

# Sends one log and its rotated files, newest first.
ship_file_and_older() {
  [ -f "$1" ] || return 1
  if [ ! -r "$1" ]; then log_why="not-permitted-at $1"; return 1; fi
  if ! ship_file "$1" 131072; then log_why="log-is-link $1"; return 1; fi
  # A name with a newline splits here, and is not a file.
  IFS=$newline
  for old in $(older_files "$1"); do
    if [ "$log_files" -ge 9 ] || [ "$log_budget" -le 0 ]; then break; fi
    if [ -f "$old" ] && [ -r "$old" ]; then ship_file "$old" 16384 || :; fi
  done
  IFS=" 	$newline"
}

older_files() {
  set +f
  case $1 in
    */current) ls -td -- "${1%current}"@* ;;
    *) ls -td -- "$1"[.-]* ;;
  esac 2>/dev/null
}

# Sends one file, unless it is a symlink: an account that writes a log can put one next to it, and root would follow it
# to another account's files.
ship_file() {
  if ! open_unlinked "$1"; then return 1; fi
  sifted=$(log_end "$1" /proc/self/fd/5 | sift_log "$2")
  exec 5<&-
  log_files=$((log_files + 1))
  log_read=${sifted%%"$newline"*}
  log_read=${log_read#b }
  case $log_read in '' | *[!0-9]*) log_read=$log_budget ;; esac
  log_cut=n
  [ "$log_read" -lt "$log_budget" ] || log_cut=y
  printf 'f %s %s\n%s\n' "$log_cut" "${1#"/proc/$process_pid/root"}" "$sifted"
  log_budget=$((log_budget - log_read))
}

# As descriptor 5, which no longer depends on names.
# shellcheck disable=SC3013
open_unlinked() {
  [ ! -L "$1" ] && { command exec 5<"$1"; } 2>/dev/null || return 1
  if [ ! -L "$1" ] && [ "$1" -ef /proc/self/fd/5 ] && [ ! -L "$1" ]; then return 0; fi
  exec 5<&-
  return 1
}

# log_end NAME FILE: prints the last bytes of a log, after a first line that is incomplete if the log was cut and empty
# otherwise.
log_end() {
  if is_gzip "$1" "$2"; then
    # If a file can't be unpacked to its end, nothing of it counts: the empty lines use up the rest of the budget.
    { echo; no_longer_than 2 gzip -dc <"$2" 2>/dev/null || head -c "$log_budget" /dev/zero | tr '\000' '\n'; } | tail -c "$log_budget"
  elif [ "$(stat -L -c %s -- "$2")" -lt "$log_budget" ]; then
    echo; head -c "$log_budget" <"$2"
  else
    tail -c "$log_budget" <"$2"
  fi
}

# svlogd gives packed files the same names as others.
is_gzip() {
  case $1 in *.gz | *.s) head -c 2 <"$2" | grep -qa "^$(printf '\037\213')" ;; *) return 1 ;; esac
}

sift_log() { tr -d '\000' | awk -v most_bytes="$1" "$logs_awk" | head -c "$((2 * $1))"; }

no_longer_than() {
  if command -v timeout >/dev/null; then timeout "$@"; return; fi
  shift
  "$@"
}
