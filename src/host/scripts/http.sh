# What the registry itself says, asked from its own host: URL/v2/, and DEBUG-URL/debug/health. At most 3 seconds each;
# no proxy, no redirect, no settings of the login's own. Any status is an answer. An address of the registry's own config is
# asked in the network namespace of its process (network_namespaces(7)), where that is another; a URL of the settings never.

# Where to ask: the settings' URL wins, then the address in the registry's config, as Go's net.Listen takes it.
find_urls() {
  v2_url='' v2_why='' v2_network='' health_url='' health_why='' health_network=''
  http_address=${override_address:-$config_address}
  debug_address=${override_debug_address:-$config_debug_address}
  if [ -n "$set_url" ]; then v2_url=${set_url%/}/v2/
  elif [ -n "$http_address" ]; then url_of "$http_address"; v2_url=${url:+$url/v2/} v2_why=$url_why v2_network=$url_network
  else address_unknown; v2_why=$url_why
  fi
  if [ -n "$set_debug_url" ]; then health_url=${set_debug_url%/}/debug/health
  elif [ -n "$debug_address" ]; then config_net=''; url_of "$debug_address"; health_url=${url:+$url/debug/health} health_why=$url_why health_network=$url_network
  elif [ "$config_state" != read ]; then address_unknown; health_why=$url_why
  fi
}

address_unknown() {
  case $config_state in
    read) url_why="the registry's config names no address" ;;
    absent) url_why="the registry's config file is not there" ;;
    *) url_why="the registry's config: $config_why" ;;
  esac
}

url_of() {
  url='' url_why='' url_network='' port=${1##*:} name=${1%:*}
  if [ "$config_net" = unix ]; then url_why='the registry listens on a unix socket'; return; fi
  if [ -n "$config_tls" ]; then url_why='the registry speaks TLS, and the settings name no url'; return; fi
  case $name:$port in
    *[!]0-9A-Za-z.:[_-]* | *: | "$port:$port") url_why='the address in the config cannot be read'; return ;;
  esac
  case $port in *[!0-9]*) url_why='the address in the config cannot be read'; return ;; esac
  case $name in '' | 0.0.0.0 | '[::]') name=127.0.0.1 ;; esac
  choose_network || return 0
  url=http://$name:$port
}

choose_network() {
  [ "$process_state" = found ] || return 0
  compare_namespace net
  [ "$compared" = other ] || return 0
  if ! command -v nsenter >/dev/null; then url_why='the registry has a network of its own, and there is no nsenter on this host'; return 1; fi
  read_identity "/proc/$$/status"
  if [ "$identity_uid" != 0 ]; then url_why='the registry has a network of its own: not permitted'; return 1; fi
  url_network=/proc/$process_pid/ns/net
}

# curl, wget and bash are the host's own: only the network changes.
in_network() {
  if [ -n "$asked_network" ]; then set -- nsenter --net="$asked_network" -- "$@"; fi
  "$@"
}

ask_both() {
  if [ -n "$v2_url" ]; then print_section v2 "$(ask "$v2_url" "$v2_network")"; fi
  if [ -n "$health_url" ]; then print_section health "$(ask "$health_url" "$health_network")"; fi
}

report_urls() {
  report_url v2 "$v2_url" "$v2_why"
  report_url health "$health_url" "$health_why"
}

report_url() {
  if [ -n "$2" ]; then known "$1" "$2"; elif [ -n "$3" ]; then unknown "$1" "$3"; else absent "$1"; fi
}

# Prints the raw answer, head and body, then a line with the tool and its exit status. What is cut has lost that line.
# Plain HTTP goes through bash where there is one: curl and its libraries take longer to load than all the rest to run.
ask() {
  asked_network=${2-$v2_network}
  if is_for_bash "$1"; then ask_with_bash "$1"; return; fi
  {
    if command -v curl >/dev/null; then ask_with_curl "$1" 2>/dev/null
    elif command -v wget >/dev/null; then ask_with_wget "$1"
    else printf '\nnone 0'
    fi
  } | head -c 20480 | tr -d '\000'
}

ask_with_curl() {
  in_network curl -q -s -g -i --noproxy '*' --proto '=http,https' --max-time 3 -A registry-doctor --url "$1"
  printf '\ncurl %s' $?
}

# busybox wget shows no body of an error, so that its answers have none; its own time-out crashes in Debian's build.
ask_with_wget() {
  case $(wget --version 2>/dev/null) in
    *'GNU Wget'*)
      in_network wget --no-config -q -O - --save-headers --content-on-error --no-proxy --max-redirect=0 -t 1 -T 3 -- "$1" 2>/dev/null
      printf '\nwget %s' $?
      ;;
    *)
      in_network timeout 3 wget -Y off -q -S -O /dev/null -- "$1" 2>&1
      printf '\nbusybox %s' $?
      ;;
  esac
}

is_for_bash() {
  case $1 in http://*) ;; *) return 1 ;; esac
  command -v bash >/dev/null && command -v timeout >/dev/null
}

# HTTP/1.0, so that the answer ends with the connection and comes in one piece. bash takes no more than its read, without
# NULs; timeout ends a connection that is not taken.
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
  in_network timeout 4 bash -c 'exec 3<>"/dev/tcp/$1/$2" || exit 7
    printf "GET %s HTTP/1.0\r\nHost: %s\r\nUser-Agent: registry-doctor\r\n\r\n" "$4" "$3" >&3
    IFS= read -r -t 3 -N 20480 answer <&3
    status=$?
    printf %s "$answer"
    [ $status -le 128 ] || exit 124' bash "${name%\]}" "$port" "$place" "$path" 2>/dev/null
  printf '\nbash %s' $?
}
