# Runs a command as exactly the identity tried_uid, tried_gid, tried_groups, with or without the two capabilities that
# bypass mode bits. setpriv sets what chpst and systemd set; runuser and sudo would load /etc/group instead. tried_users is
# a process whose user namespace the capabilities count in, where that is not this script's own.
prepare_tries() {
  try_how='' try_why=''
  read_identity "/proc/$$/status"
  if ! command -v timeout >/dev/null; then try_why='no timeout on this host'; return; fi
  if [ -z "$tried_users" ] && is_already_identity; then try_how=directly; return; fi
  if [ "$identity_uid" != 0 ]; then try_why="not permitted: the login ${probe_user-that runs this} is not root"; return; fi
  if ! command -v setpriv >/dev/null; then try_why='no setpriv on this host'; return; fi
  if [ "$tried_override$tried_search" = 00 ]; then tried_users=''; fi
  inner_uid=$tried_uid inner_gid=$tried_gid inner_groups=$tried_groups
  if [ -n "$tried_users" ]; then
    if ! command -v nsenter >/dev/null; then try_why='no nsenter on this host'; return; fi
    if ! find_inner_identity; then try_why='its ids are not all mapped in its user namespace'; return; fi
  fi
  try_how=setpriv
}

is_already_identity() {
  [ "$identity_uid $identity_gid $identity_override $identity_search" = "$tried_uid $tried_gid $tried_override $tried_search" ] || return 1
  for group in $identity_groups; do
    case " $tried_gid $tried_groups " in *" $group "*) ;; *) return 1 ;; esac
  done
  for group in $tried_groups; do
    case " $identity_gid $identity_groups " in *" $group "*) ;; *) return 1 ;; esac
  done
}

# Whoever it runs as may stop what runs as it, and may keep open what that writes to (kill(2), ptrace(2)): so it has a time of root's
# own, and what it prints has to go through a pipe to bounded().
try_seconds=20

bounded() { timeout -s KILL $((try_seconds + 5)) head -c 1048576; }

as_identity() {
  if [ "$try_how" = directly ]; then timeout -k 1 $try_seconds "$@"; return; fi
  wanted='' unwanted=''
  if [ "$tried_override" = 1 ]; then wanted=+dac_override; else unwanted=-dac_override; fi
  if [ "$tried_search" = 1 ]; then wanted=${wanted:+$wanted,}+dac_read_search; else unwanted=${unwanted:+$unwanted,}-dac_read_search; fi
  # Root keeps every capability of the bounding set over an exec; anybody else keeps the ambient ones (capabilities(7)).
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
  # The namespace's own root first: it alone has what setpriv needs there (user_namespaces(7)).
  [ -z "$tried_users" ] || set -- nsenter --user="/proc/$tried_users/ns/user" --setuid=0 --setgid=0 -- "$@"
  timeout -k 1 $try_seconds "$@"
}

comma_separated() {
  comma_separated=''
  for word in $1; do
    comma_separated=${comma_separated:+$comma_separated,}$word
  done
}
