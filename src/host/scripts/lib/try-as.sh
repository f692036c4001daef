# Runs a command as exactly the identity tried_uid, tried_gid, tried_groups, with or without the two capabilities that
# bypass mode bits. setpriv sets what chpst and systemd set. runuser and sudo would load /etc/group instead. tried_users
# is a process whose user namespace the capabilities count in, if that is not this script's own.
prepare_tries() {
  try_how='' try_why=''
  read_identity "/proc/$$/status"
  if ! command -v timeout >/dev/null; then try_why='missing-on-host timeout'; return; fi
  if [ -z "$tried_users" ] && is_already_identity; then try_how=directly; return; fi
  if [ "$identity_uid" != 0 ]; then try_why=${probe_user+"login-not-root $probe_user"} try_why=${try_why:-not-root}; return; fi
  can_set_identity || return
  if [ "$tried_override$tried_search" = 00 ]; then tried_users=''; fi
  inner_uid=$tried_uid inner_gid=$tried_gid inner_groups=$tried_groups
  if [ -n "$tried_users" ]; then
    if ! command -v nsenter >/dev/null; then try_why='missing-on-host nsenter'; return; fi
    if ! find_inner_identity; then try_why='ids-not-mapped'; return; fi
  fi
  find_shield || :
  try_how=setpriv
}

# Whether root can run a program here as another identity. If not, try_why says why.
can_set_identity() {
  if ! command -v setpriv >/dev/null; then try_why='missing-on-host setpriv'; return 1; fi
  setpriv_help=$(setpriv --help 2>&1)
  # busybox's only changes capabilities.
  case $setpriv_help in *--reuid*) ;; *) try_why='setpriv-without-reuid'; return 1 ;; esac
}

is_already_identity() {
  [ "$identity_uid $identity_gid $identity_override $identity_search" = "$tried_uid $tried_gid $tried_override $tried_search" ] || return 1
  is_same_set "$identity_gid $identity_groups" "$tried_gid $tried_groups"
}

# Finds a capability that shields an access test from the service: a process without a capability that another one has
# can neither trace it nor take its open files (ptrace(2), PTRACE_MODE_READ). The capability gives no access to files on
# this host.
find_shield() {
  shield=''
  case $setpriv_help in *ambient-caps*) ;; *) return 1 ;; esac
  for capability in 35:wake_alarm 36:block_suspend 29:audit_write 13:net_raw; do
    [ $((0x$identity_capabilities >> ${capability%%:*} & 1)) = 1 ] || continue
    shield=+${capability#*:}
    return 0
  done
  return 1
}

# The account that a test runs as can stop the test's processes and keep their output open (kill(2), ptrace(2)). So the
# test gets root's own timeout, and its output has to go through a pipe to bounded().
try_seconds=20

# busybox knows -k only since 1.34, so time is up at once.
bounded() { timeout -s KILL $((try_seconds + 5)) head -c 1048576; }

as_identity() {
  if [ "$try_how" = directly ]; then timeout -s KILL $try_seconds "$@" </dev/null; return; fi
  wanted=$shield unwanted=''
  if [ "$tried_override" = 1 ]; then wanted=${wanted:+$wanted,}+dac_override; else unwanted=-dac_override; fi
  if [ "$tried_search" = 1 ]; then wanted=${wanted:+$wanted,}+dac_read_search; else unwanted=${unwanted:+$unwanted,}-dac_read_search; fi
  # Root keeps every capability of the bounding set when it executes a program. Any other account keeps only the ambient
  # ones (capabilities(7)).
  if [ "$inner_uid" = 0 ]; then
    [ -z "$unwanted" ] || set -- "--bounding-set=$unwanted" "--inh-caps=$unwanted" -- "$@"
  elif [ -n "$wanted" ]; then
    set -- "--inh-caps=$wanted" "--ambient-caps=$wanted" -- "$@"
  else
    set -- -- "$@"
  fi
  if [ -z "${inner_groups# }" ]; then
    set -- --clear-groups "$@"
  else
    comma_separated "$inner_groups"
    set -- --groups "$comma_separated" "$@"
  fi
  set -- setpriv --reuid "$inner_uid" --regid "$inner_gid" "$@"
  # The namespace's own root first: only it has what setpriv needs there (user_namespaces(7)).
  [ -z "$tried_users" ] || set -- nsenter --user="/proc/$tried_users/ns/user" --setuid=0 --setgid=0 -- "$@"
  # The test does not get the guard's input, which might be the connection that the answers go through.
  timeout -s KILL $try_seconds "$@" </dev/null
}

comma_separated() {
  comma_separated=''
  for word in $1; do
    comma_separated=${comma_separated:+$comma_separated,}$word
  done
}
