# Reports how the service is kept running, who listens on its ports, the token certificate and key, and whether the
# clock is synchronized: one fact, or one entry of a list, per line.
collect_service_state() {
  report_supervision
  report_memory
  report_listeners
  report_token_trust
  report_clock
}

report_supervision() {
  if [ "$registry_layout" = omnibus ]; then report_runit /opt/gitlab/service/registry
  elif [ -d /run/systemd/system ]; then report_systemd
  else echo 'supervision unknown no-service-manager'
  fi
}

# Reports runsv(8)'s three files. "pid" is written at each start and end, so its time is that of the last start or end.
report_runit() {
  explain_unseen "$1/supervise/stat"
  if read -r run_state 2>/dev/null <"$1/supervise/stat"; then
    echo "supervision known runit $(stat -c %Y -- "$1/supervise/pid" 2>/dev/null || echo -) $1 $run_state"
  elif [ -n "$unseen_why" ]; then echo "supervision unknown $unseen_why"
  else echo 'supervision unknown not-supervised'
  fi
}

report_systemd() {
  if ! command -v systemctl >/dev/null; then echo 'supervision unknown missing-on-host systemctl'; return; fi
  find_unit
  read -r uptime _ </proc/uptime
  echo "supervision known systemd $uptime"
  # The units' names are plain words.
  # shellcheck disable=SC2086
  no_longer_than 3 systemctl show -p Id -p LoadState -p ActiveState -p SubState -p NRestarts -p Result -p StateChangeTimestampMonotonic -- $registry_unit 2>/dev/null |
    head -c 4096 | sed 's/^/unit /'
}

# Reports how often the kernel killed a process because memory ran out in the control group of the registry's process,
# or of its unit (cgroup-v2.rst, "memory.events"; memory.oom_control of version 1).
report_memory() {
  group=''
  if [ "$process_state" = found ]; then
    while IFS=: read -r hierarchy controllers path; do
      case $hierarchy:,$controllers, in 0:,, | *,memory,*) group=$path ;; esac
    done 2>/dev/null <"/proc/$process_pid/cgroup"
  fi
  case $group in '' | / | */../* | *"$newline"*) group=/system.slice/docker-registry.service ;; esac
  for events in "/sys/fs/cgroup$group/memory.events" "/sys/fs/cgroup/memory$group/memory.oom_control"; do
    [ -r "$events" ] || continue
    while read -r label value _; do
      case $label in oom_kill) echo "oom-kills known $value" ;; esac
    done 2>/dev/null <"$events"
    return
  done
}

# Sets the unit: that of the running process, otherwise those that registries are packaged with.
find_unit() {
  registry_unit=''
  if [ "$process_state" = found ]; then
    registry_unit=$(grep -oE '/[A-Za-z0-9][A-Za-z0-9:_.@-]*\.service$' "/proc/$process_pid/cgroup" 2>/dev/null | head -n 1)
    registry_unit=${registry_unit#/}
  fi
  [ -n "$registry_unit" ] || registry_unit='docker-registry.service registry.service distribution.service container-registry.service'
}

# Listening TCP sockets (state 0A, proc(5)) on the registry's own ports, in the network that its process sees: the
# address in hex, the port, and the process that holds the socket. The registry's own sockets are searched first,
# because others' cost time.
report_listeners() {
  tables=/proc/net
  if [ "$process_state" = found ] && [ -r "/proc/$process_pid/net/tcp" ]; then tables=/proc/$process_pid/net; fi
  if [ ! -r "$tables/tcp" ]; then echo 'listeners unknown not-permitted'; return; fi
  ports=''
  for address in "$http_address" "$debug_address"; do
    case ${address##*:} in '' | *[!0-9]* | ??????*) continue ;; esac
    ports="$ports $(printf '%04X' "${address##*:}")"
  done
  if [ -z "$ports" ]; then echo 'listeners unknown address-unknown'; return; fi
  echo "listeners known ${http_address:--} ${debug_address:--}"
  if read -r unprivileged 2>/dev/null </proc/sys/net/ipv4/ip_unprivileged_port_start; then echo "unprivileged-ports known $unprivileged"; fi
  cat "$tables/tcp" "$tables/tcp6" 2>/dev/null | awk -v ports="$ports" '
    BEGIN { split(ports, list, " "); for (i in list) wanted[list[i]] = 1 }
    $4 == "0A" { split($2, local, ":"); if (local[2] in wanted) print local[1], local[2], $10 }' | head -n 16 |
    while read -r local_address local_port inode; do
      find_holder "$inode"
      echo "listener $local_address $local_port $holder_pid $holder_command"
    done
}

find_holder() {
  holder_pid=- holder_command='' holders=''
  case $1 in '' | *[!0-9]*) return ;; esac
  set +f
  [ -z "$process_pid" ] || holders=$(holders_among "/proc/$process_pid/fd" "$1" "$process_pid")
  [ -n "$holders" ] || holders=$(holders_among '/proc/[0-9]*/fd' "$1" '')
  set -f
  for holder_pid in $holders; do break; done
  read -r holder_command 2>/dev/null <"/proc/$holder_pid/comm"
}

# Prints the processes that hold one of the sockets. ls follows no symlink here, so no socket or device of another
# process is touched. Its headings name the process.
holders_among() {
  # shellcheck disable=SC2086
  no_longer_than 3 ls -l $1/ 2>/dev/null | awk -v wanted="socket:[$2]" -v pid="$3" '
    /^\/proc\/[0-9]+\/fd\/?:$/ { split($0, part, "/"); pid = part[3] }
    $NF == wanted { print pid; exit }'
}

# Reports the certificates and the signing key. Public keys leave the host only as digests.
report_token_trust() {
  certificate=$config_token_certificate
  if [ -z "$certificate" ]; then echo 'trust absent'; return; fi
  case $certificate in *"$newline"*) echo 'trust unknown path-unreadable'; return ;; esac
  echo "trust known $certificate"
  signing_key=/var/opt/gitlab/gitlab-rails/etc/gitlab-registry.key
  [ "$registry_layout" = omnibus ] || signing_key=''
  if ! command -v openssl >/dev/null || ! command -v sha256sum >/dev/null; then echo 'trust-certificate unknown missing-on-host openssl'; return; fi
  if why_unreadable "$certificate"; then echo "trust-certificate unknown $unseen_why"
  else head -c 65536 <"$certificate" | digest_certificates
  fi
  [ -n "$signing_key" ] || return 0
  echo "trust-key-path known $signing_key"
  if why_unreadable "$signing_key"; then echo "trust-key unknown $unseen_why"
  else
    signing_public=$(no_longer_than 3 openssl pkey -in "$signing_key" -passin pass: -pubout 2>/dev/null)
    if [ -n "$signing_public" ]; then echo "trust-key known $(digest "$signing_public")"; else echo 'trust-key unknown not-a-private-key'; fi
  fi
}

why_unreadable() {
  [ ! -f "$1" ] || [ ! -r "$1" ] || return 1
  unseen_why='not-permitted'
  [ -f "$1" ] || explain_unseen "$1"
  [ ! -d "$1" ] || unseen_why='is-a-directory'
  [ -n "$unseen_why" ] || unseen_why='not-there'
}

# Reports the first four certificates of a bundle.
digest_certificates() {
  bundle=$(cat)
  nth=1
  while [ "$nth" -le 4 ]; do
    case $bundle in *'-BEGIN CERTIFICATE-'*) ;; *) break ;; esac
    bundle=${bundle#*-BEGIN CERTIFICATE-}
    digest_certificate "-----BEGIN CERTIFICATE-${bundle%%-END CERTIFICATE-*}-END CERTIFICATE-----"
    nth=$((nth + 1))
  done
  [ "$nth" -gt 1 ] || echo 'trust-certificate unknown not-a-certificate'
}

digest_certificate() {
  seen=$(printf '%s\n' "$1" | no_longer_than 3 openssl x509 -noout -dates -pubkey 2>/dev/null)
  case $seen in *'-BEGIN PUBLIC KEY-'*) ;; *) echo 'trust-certificate unknown not-a-certificate'; return ;; esac
  IFS=$newline
  for line in $seen; do
    case $line in notBefore=*) echo "trust-notBefore ${line#*=}" ;; notAfter=*) echo "trust-notAfter ${line#*=}" ;; esac
  done
  IFS=" 	$newline"
  echo "trust-certificate known $(digest "$seen")"
}

# Prints the digest of a public key, as openssl prints the key.
digest() {
  public_key=${1#*-----BEGIN PUBLIC KEY-----}
  printf '%s\n' "-----BEGIN PUBLIC KEY-----${public_key%%-----END*}-----END PUBLIC KEY-----" | sha256sum | head -c 64
}

# Reports the kernel's own status (adjtimex(2), STA_UNSYNC) with the fastest tool available. Without an argument busybox
# only reads it.
report_clock() {
  if [ -e /run/systemd/timesync/synchronized ]; then echo 'clock known timesync yes'
  elif command -v busybox >/dev/null; then echo "clock known adjtimex $(no_longer_than 2 busybox adjtimex 2>/dev/null | status_of_clock)"
  elif command -v chronyc >/dev/null; then echo "clock known chronyc $(no_longer_than 2 chronyc -n tracking 2>/dev/null | sed -n 's/^Leap status *: //p')"
  elif command -v timedatectl >/dev/null && [ -d /run/systemd/system ]; then
    echo "clock known timedatectl $(no_longer_than 2 timedatectl show -p NTPSynchronized --value 2>/dev/null)"
  else echo 'clock unknown nothing-tells-of-clock'
  fi
}

status_of_clock() {
  while read -r label value _; do
    case $label in status:) echo "$value" ;; esac
  done
}
