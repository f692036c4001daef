# The host's own records of the time around the fault: the lines of its logs that host-history.awk keeps, and when
# relevant files were last changed. Limits: the last MiB of a log (of a packed one, what a second unpacks), and the last
# 10,000 journal entries of kernel, service manager and sudo, within 2 seconds.
# Lines of "clock known SECONDS ZONE-OFFSET ZONE-NAME", "g ROLE FILE", perhaps followed by "b NAME-TO-SHOW", "f CTIME
# FILE", "r SECONDS" (a run of reconfigure), then for each source "s STATE NAME", "^ ITS FIRST LINE", ": A LINE".
history_tail=1048576

collect_host_history() {
  # The logs use the host's zone, whatever the login's is.
  unset TZ
  {
    history_zone=$(readlink /etc/localtime 2>/dev/null)
    printf 'clock known %s %s\n' "$(date '+%s %z')" "${history_zone##*/zoneinfo/}"
    report_changed_files
    report_reconfigure_runs
    # After a power cut a log can contain long runs of NUL.
    read_logs 2>/dev/null | grep -aF "$history_words" | tr -d '\000' | awk "$history_awk"
  } | head -c 163840
}

# A line is examined only if it contains one of these. The first one precedes the collector's own lines.
history_words=$soh'
Linux version 
-fs
XFS
BTRFS
JBD2
I/O error
Killed process
OOM killer
fsck
ounted 
ount process exited
ailed with result
Failed to 
Dependency failed
avc:  denied
apparmor="DENIED"
System time
System clock
Clock change
jumped
stepped
wrong by
ime has been
ime reset
COMMAND=
useradd
usermod
userdel
group
gpasswd
Reached target
System is 
egistry
gitlab
GitLab
unit
reboot 
shutdown '

report_changed_files() {
  changed_files=''
  add_changed_file config "$config_path" "$config_path"
  if [ "$process_state" = found ]; then
    history_binary=$(readlink "/proc/$process_pid/exe" 2>/dev/null)
    add_changed_file binary "/proc/$process_pid/exe" "${history_binary:-/proc/$process_pid/exe}"
  fi
  add_changed_file run-script /opt/gitlab/sv/registry/run
  add_changed_file settings /etc/gitlab/gitlab.rb
  add_changed_file passwd /etc/passwd
  add_changed_file group /etc/group
  add_changed_file fstab /etc/fstab
  # Word splitting at newlines is wanted: no name with one was added.
  IFS=$newline
  # shellcheck disable=SC2086
  [ -z "$changed_files" ] || stat -L -c 'f %Z %n' -- $changed_files 2>/dev/null
  IFS=" 	$newline"
}

add_changed_file() {
  case $2${3-} in *"$newline"*) return ;; esac
  [ -e "$2" ] || return 0
  printf 'g %s %s\n' "$1" "$2"
  [ $# -lt 3 ] || [ "$2" = "$3" ] || printf 'b %s\n' "$3"
  changed_files=$changed_files$2$newline
}

# Each run of "gitlab-ctl reconfigure" leaves a log named after the second in which it began.
report_reconfigure_runs() {
  [ -d /var/log/gitlab/reconfigure ] || return 0
  set +f
  set -- /var/log/gitlab/reconfigure/[0-9]*.log
  set -f
  while [ $# -gt 6 ]; do shift; done
  for history_log; do
    history_log=${history_log##*/}
    case ${history_log%.log} in *[!0-9]*) ;; *) printf 'r %s\n' "${history_log%.log}" ;; esac
  done
}

# Prints the logs, oldest first. Where a limit cuts a log, its oldest lines are left out.
read_logs() {
  read_wtmp
  for history_log in messages syslog kern.log auth.log secure audit/audit.log dpkg.log dnf.rpm.log yum.log; do
    read_log_with_rotated "/var/log/$history_log"
  done
  read_journal
}

begin_source() { printf '\001s %s %s %s\n' "$1" "$2" "$3"; }

read_log_with_rotated() {
  history_base=$1
  set +f
  set -- "$1"-[0-9]*
  set -f
  while [ $# -gt 2 ]; do shift; done
  for history_log in "$history_base.2" "$history_base.2.gz" "$history_base.1" "$history_base.1.gz" "$@"; do
    case ${history_log#"$history_base"} in *[!0-9.gz-]*) continue ;; esac
    [ ! -f "$history_log" ] || read_log "$history_log"
  done
  if [ -f "$history_base" ]; then read_log "$history_base"
  elif [ -e "$history_base" ] || { [ -d "${history_base%/*}" ] && [ ! -x "${history_base%/*}" ]; }; then begin_source f unreadable "$history_base"
  else begin_source f absent "$history_base"
  fi
}

read_log() {
  if [ ! -r "$1" ]; then begin_source f unreadable "$1"; return; fi
  case $1 in
    *.gz)
      if ! command -v gzip >/dev/null || ! command -v timeout >/dev/null; then begin_source f unreadable "$1"; return; fi
      begin_source f cut "$1"
      timeout 1 gzip -dc <"$1" | tail -c "$history_tail" | pass_cut
      ;;
    *)
      history_size=$(stat -L -c %s -- "$1")
      if [ "${history_size:-0}" -le "$history_tail" ]; then
        begin_source f 'read' "$1"
        pass_whole <"$1"
      else
        begin_source f cut "$1"
        tail -c "$history_tail" <"$1" | pass_cut
      fi
      ;;
  esac
}

# The first complete line shows how far back a source goes. No line looks like one of the collector's own, and whatever
# a log ends with, the next source begins on a new line.
pass_whole() { sed "s/^$soh/?/;1s/^/$soh^ /"; echo; }
pass_cut() { sed "1d;s/^$soh/?/;2s/^/$soh^ /"; echo; }

# Prints boots and shutdowns, newest first.
read_wtmp() {
  if [ ! -s /var/log/wtmp ] || ! command -v last >/dev/null; then begin_source r absent wtmp; return; fi
  begin_source r 'read' wtmp
  timeout 1 last -x --time-format iso -n 16 reboot shutdown
}

read_journal() {
  set +f
  set -- /var/log/journal/*/system.journal /run/log/journal/*/system.journal
  set -f
  for history_log; do
    [ ! -r "$history_log" ] || break
  done
  if [ ! -e "$1" ] && [ ! -e "$2" ]; then begin_source r absent journal
  elif [ ! -r "$history_log" ] || ! command -v timeout >/dev/null; then begin_source r unreadable journal
  elif ! command -v journalctl >/dev/null; then begin_source r unreadable journal
  else
    begin_source r 'read' journal
    timeout 2 journalctl -q --no-pager -r -n 10000 -o short-iso _TRANSPORT=kernel + _PID=1 + _COMM=sudo + _COMM=systemd-fsck + _COMM=udisksd + _COMM=useradd + _COMM=usermod + _COMM=groupmod + _COMM=gpasswd + _COMM=chronyd + _COMM=systemd-timesyn + _COMM=systemd-journal + _COMM=systemd-logind + _AUDIT_TYPE=1400
  fi
}
