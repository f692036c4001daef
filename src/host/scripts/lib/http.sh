# The registry's own answers, requested on its own host: URL/v2/ and DEBUG-URL/debug/health. At most 3 seconds each, no
# proxy, no redirect, no settings of the login's own. Any status is an answer. An address from the registry's own config
# is asked in the network namespace of its process (network_namespaces(7)), if that is another. A URL from the settings
# never is.

# Where to ask: the settings' URL first, then the address in the registry's config, as Go's net.Listen takes it.
find_urls() {
  v2_url='' v2_why='' v2_network='' health_url='' health_why='' health_network=''
  http_address=${override_address:-$config_address}
  debug_address=${override_debug_address:-$config_debug_address}
  if [ -n "$set_url" ]; then v2_url=${set_url%/}/v2/
  elif [ -n "$http_address" ]; then url_of "$http_address"; v2_url=${url:+$url/v2/} v2_why=$url_why v2_network=$url_network
  else address_unknown; v2_why=$url_why
  fi
  if [ -n "$set_debug_url" ]; then health_url=${set_debug_url%/}/debug/health
  elif [ -n "$debug_address" ]; then config_net='' config_tls=''; url_of "$debug_address"; health_url=${url:+$url/debug/health} health_why=$url_why health_network=$url_network
  elif [ "$config_state" != read ]; then address_unknown; health_why=$url_why
  fi
}

address_unknown() {
  case $config_state in
    read) url_why='config-without-address' ;;
    absent) url_why='config-missing' ;;
    *) url_why="config-unread $config_why" ;;
  esac
}

url_of() {
  url='' url_why='' url_network='' port=${1##*:} name=${1%:*}
  if [ "$config_net" = unix ]; then url_why='on-unix-socket'; return; fi
  if [ -n "$config_tls" ]; then url_why='tls-without-url'; return; fi
  case $name:$port in
    *[!]0-9A-Za-z.:[_-]* | *: | "$port:$port") url_why='address-unreadable'; return ;;
  esac
  case $port in *[!0-9]*) url_why='address-unreadable'; return ;; esac
  case $name in '' | 0.0.0.0 | '[::]') name=127.0.0.1 ;; esac
  choose_network || return 0
  url=http://$name:$port
}

choose_network() {
  [ "$process_state" = found ] || return 0
  compare_namespace net
  [ "$compared" = other ] || return 0
  if ! command -v nsenter >/dev/null; then url_why='own-network-without-nsenter'; return 1; fi
  read_identity "/proc/$$/status"
  if [ "$identity_uid" != 0 ]; then url_why='own-network-not-permitted'; return 1; fi
  url_network=/proc/$process_pid/ns/net
}

ask_both() {
  unable=''
  if [ -n "$v2_url" ]; then ask "$v2_url" "$v2_network"; print_section v2 "$answer"; fi
  if [ -n "$health_url" ]; then ask "$health_url" "$health_network"; print_section health "$answer"; fi
}

report_urls() {
  report_url v2 "$v2_url" "$v2_why"
  report_url health "$health_url" "$health_why"
}

report_url() {
  if [ -n "$2" ]; then known "$1" "$2"; elif [ -n "$3" ]; then unknown "$1" "$3"; else absent "$1"; fi
}

# Sets "answer": the raw answer, head and body, then a line with the tool and its exit status. A cut answer has lost
# that line. A tool that could not ask says nothing about the registry. Then the next one asks, while there is time for
# its 3 seconds. Plain HTTP goes through bash if there is one: curl and its libraries take longer to load than
# everything else to run.
ask() {
  asked_network=$2 tried_ways=''
  read -r ask_began _ </proc/uptime
  for way in bash curl wget; do
    has_way "$way" "$1" || continue
    "ask_with_$way" "$1"
    if was_asked "$1"; then return; fi
    unable="$unable $way"
    add_unable "${answer##*"$newline"}"
    read -r ask_now _ </proc/uptime
    [ $((${ask_now%.*} - ${ask_began%.*})) -lt 2 ] || break
  done
  answer="${newline}none 0"
  [ -z "$tried_ways" ] || answer="${newline}unable $tried_ways"
}

add_unable() { tried_ways="${tried_ways:+$tried_ways, }$1"; }

# Whether the tool $1 is worth trying. One that could not send the request is not tried again in the same run.
has_way() {
  case " $unable " in *" $1 "*) add_unable "$1"; return 1 ;; esac
  command -v "$1" >/dev/null || return 1
  [ "$1" != bash ] || is_for_bash "$2"
}

# Runs a tool that sends the request, always the host's own; only the network can be the process's. Its only settings
# are those here (setup.sh: no environment, no home).
run_to_ask() {
  if [ -n "$asked_network" ]; then set -- nsenter --net="$asked_network" -- "$@"; fi
  "$@" </dev/null
}

# An answer, or a tool's status when it asked and got none (curl(1), wget(1), "EXIT CODES"; timeout(1); ask_with_bash).
# Any other status means that the tool was not built for it, did not understand its options, misses a file or a library,
# or was killed. curl returns 1 for a protocol that it was not built for, and for an answer that is not HTTP.
was_asked() {
  case $answer in HTTP/[0-9]*) return ;; esac
  case ${answer##*"$newline"} in
    'bash 0' | 'bash 6' | 'bash 7' | 'bash 124' | 'bash 141') ;;
    'curl 1') case $1 in https:*) return 1 ;; esac ;;
    'curl 2' | 'curl 3' | 'curl 4' | 'curl 5' | 'curl 27' | 'curl 4'[1358] | 'curl 77' | 'curl 12'[67] | 'curl 1'[3-9]? | 'curl 2'??)
      return 1
      ;;
    'curl '*) ;;
    'wget '[04-8]) ;;
    'busybox 0' | 'busybox 124' | 'busybox 143') ;;
    'busybox 1')
      case $answer in
        *'server returned error: HTTP/'* | *refused* | *'reset by peer'* | *'bad address'* | *'error getting response'*) ;;
        *) return 1 ;;
      esac
      ;;
    *) return 1 ;;
  esac
}

ask_with_curl() {
  answer=$({
    run_to_ask curl -q -s -g -i --noproxy '*' --proto '=http,https' --max-time 3 -A registry-doctor --url "$1" 2>/dev/null
    printf '\ncurl %s' $?
  } | bound_answer)
}

# busybox wget shows no body of an error, so its answers have none. Its own timeout crashes in Debian's build.
ask_with_wget() {
  case $(run_to_ask wget --version 2>/dev/null) in
    *'GNU Wget'*)
      answer=$({
        run_to_ask wget --no-config -q -U registry-doctor -O - --save-headers --content-on-error --no-proxy --max-redirect=0 -t 1 -T 3 -- "$1" 2>/dev/null
        printf '\nwget %s' $?
      } | bound_answer)
      ;;
    *)
      answer=$({
        run_to_ask timeout 3 wget -Y off -q -U registry-doctor -S -O /dev/null -- "$1" 2>&1
        printf '\nbusybox %s' $?
      } | bound_answer)
      ;;
  esac
}

bound_answer() { head -c 20480 | tr -d '\000'; }

is_for_bash() {
  case $1 in http://*) ;; *) return 1 ;; esac
  command -v timeout >/dev/null
}

# HTTP/1.0, so that the answer ends with the connection and comes in one piece. bash takes only its read, without NULs.
# timeout ends a connection that is not accepted. The first word shows that this program ran, so a timeout is the
# registry's. No start-up file can come before it (-p: no function and no option of the environment either).
ask_with_bash() {
  place=${1#http://} path=/${1#http://*/}
  place=${place%%/*}
  case $place in
    # An IPv6 address in brackets has colons of its own.
    *:*[!]]) name=${place%:*} port=${place##*:} ;;
    *) name=$place port=80 ;;
  esac
  name=${name#\[}
  # The words are arguments of bash's own program, never part of it.
  # shellcheck disable=SC2016
  answer=$(run_to_ask timeout 4 bash --norc --noprofile -p -c 'echo asking
    { exec 3<>"/dev/tcp/$1/$2"; } 2>&1 || exit 7
    printf "GET %s HTTP/1.0\r\nHost: %s\r\nUser-Agent: registry-doctor\r\n\r\n" "$4" "$3" >&3
    IFS= read -r -t 3 -N 20480 answer <&3
    status=$?
    printf %s "$answer"
    [ $status -le 128 ] || exit 124' bash "${name%\]}" "$port" "$place" "$path" 2>/dev/null
    printf '\nbash %s' $?)
  case $answer in
    "asking$newline"*) answer=${answer#"asking$newline"} ;;
    *) answer="${newline}bash unstarted" ;;
  esac
  case $answer in *"${newline}bash 7") tell_why_unconnected ;; esac
}

# The C library's texts for a connection that could not be made (errno(3), gai_strerror(3)). A bash without /dev/tcp
# finds no such file.
tell_why_unconnected() {
  case $answer in
    *': Connection refused'* | *': No route to host'* | *' is unreachable'*) answer="${newline}bash 7" ;;
    *': Connection timed out'*) answer="${newline}bash 124" ;;
    *': Name or service not known'* | *'name resolution'* | *'No address associated'*) answer="${newline}bash 6" ;;
    *) answer="${newline}bash unconnected" ;;
  esac
}
