# The request, in the one form that this program accepts (src/host/request/guard-request.ts writes it): lines of "KEY
# VALUE", each key in its place. Any other form is refused completely. Nothing of it is ever run or taken for code.
max_request_bytes=1048576

# One byte more than allowed, and NUL bytes as a byte that no request has.
read_request() { request=$(head -c $((max_request_bytes + 1)) | tr '\000' '!'); }

# Sets verb, nonce, and what the verb needs. On an error, sets problem.
parse_request() {
  verb='' nonce=''
  problem='request-too-long'
  [ ${#request} -le $max_request_bytes ] || return 1
  problem='request-foreign-byte'
  case $request in *[!A-Za-z0-9/._:,=@%+~\\" $newline"-]*) return 1 ;; esac
  has_only_octal_escapes || return 1
  problem='request-malformed'
  # Splitting at newlines would not see an empty line.
  case $newline$request$newline in *"$newline$newline"*) return 1 ;; esac
  split_lines "$request"
  # Word splitting is wanted: the lines, and no pathname expansion (setup.sh).
  # shellcheck disable=SC2086
  { set -- $lines; join_words; }
  [ $# -ge 4 ] && [ "$1" = registry-doctor-request/1 ] || return 1
  field nonce "$2" && is_nonce "$value" || return 1
  nonce=$value
  field verb "$3" || return 1
  verb=$value
  shift 3
  case $verb in
    version | plans) [ "$1" = end ] ;;
    ask | probe) parse_settings "$@" ;;
    apply | outcome | undo) parse_plan_request "$@" ;;
    *) problem='unknown-act'; return 1 ;;
  esac
}

# "for" and "set" split at IFS.
split_lines() { lines=$1 IFS=$newline; }
join_words() { IFS=" 	$newline"; }

# With blanks instead of the commas.
split_commas() {
  split='' IFS=,
  for word in $1; do split=${split:+$split }$word; done
  join_words
}

has_only_octal_escapes() {
  case $request in
    *\\0000*) return 1 ;;
    *\\*) ;;
    *) return 0 ;;
  esac
  case $(printf '%s\n' "$request" | sed 's/\\0[0-3][0-7][0-7]//g') in *\\*) return 1 ;; esac
}

# Sets value to that of the line $2, if its key is $1. The dot keeps trailing newlines, which $(...) would drop.
field() {
  case $2 in "$1 "?*) value=${2#"$1 "} ;; *) return 1 ;; esac
  case $value in
    *' '*) return 1 ;;
    -) value='' ;;
    *\\*) value=$(printf '%b.' "$value") value=${value%.} ;;
  esac
}

is_nonce() {
  case $1 in *[!A-Za-z0-9]*) return 1 ;; ????????*) ;; *) return 1 ;; esac
  [ ${#1} -le 64 ]
}

# Whether $1 is a number of 1 to 20 digits, more than any number here can have. A leading 0 would make it octal to the
# shell.
is_number() {
  case $1 in '' | *[!0-9]* | 0?* | ?????????????????????*) return 1 ;; esac
}

is_hex64() {
  case $1 in *[!0-9a-f]*) return 1 ;; esac
  [ ${#1} -eq 64 ]
}

parse_settings() {
  [ $# -eq 7 ] && [ "$7" = end ] || return 1
  field config-path "$1" || return 1
  config_path=$value
  field url "$2" || return 1
  set_url=$value
  field debug-url "$3" || return 1
  set_debug_url=$value
  field service-user "$4" || return 1
  service_user=$value
  field layout "$5" || return 1
  registry_layout=$value
  field root "$6" || return 1
  root_override=$value
  case $config_path in /*) ;; *) return 1 ;; esac
  case $registry_layout in omnibus | distribution) ;; *) return 1 ;; esac
  case $root_override in '' | /*) ;; *) return 1 ;; esac
  for url in "$set_url" "$set_debug_url"; do
    [ -z "$url" ] || is_url "$url" || return 1
  done
}

# Whether $1 is an address and a path without bytes that mean something to an HTTP server: no blank, no line break, no
# query, no account.
is_url() {
  case $1 in http://?* | https://?*) url_rest=${1#*://} ;; *) return 1 ;; esac
  url_place=${url_rest%%/*}
  case $url_place in '' | *[!]A-Za-z0-9.:_[-]*) return 1 ;; esac
  case ${url_rest#"$url_place"} in *[!A-Za-z0-9._:/%+~-]*) return 1 ;; esac
}

# The lines of the plan document, of its signature, and of an approver's; and at the end perhaps a checkpoint of the bot's record.
parse_plan_request() {
  plan_text='' plan_signature='' plan_approval='' plan_checkpoint='' part=plan
  while [ $# -gt 1 ]; do
    case $part-$1 in
      plan-'plan '*) plan_text=$plan_text${1#plan }$newline ;;
      plan-'signature '* | signature-'signature '*) part=signature plan_signature=$plan_signature${1#signature }$newline ;;
      plan-'approval '* | signature-'approval '* | approval-'approval '*) part=approval plan_approval=$plan_approval${1#approval }$newline ;;
      plan-'checkpoint '* | signature-'checkpoint '* | approval-'checkpoint '*) part=checkpoint plan_checkpoint=$1 ;;
      *) return 1 ;;
    esac
    shift
  done
  [ "$1" = end ] || return 1
  [ -z "$plan_checkpoint" ] || is_checkpoint "$plan_checkpoint" || return 1
  problem='plan-malformed'
  parse_plan
}

# Whether $1 is a checkpoint on one line: "checkpoint ORIGIN SIZE ROOT ORIGIN SIGNATURE", each of its own length and characters
# (c2sp.org/tlog-checkpoint; src/hash/checkpoint.ts writes it). Nothing else of the bot's is ever kept with a plan.
is_checkpoint() {
  whole=$1
  # Word splitting is wanted.
  # shellcheck disable=SC2086
  set -- $1
  [ "$*" = "$whole" ] && [ $# -eq 6 ] && [ "$1" = checkpoint ] && [ "$2" = "$5" ] || return 1
  case ${2#registry-doctor/} in *[!0-9a-f]*) return 1 ;; esac
  case $2 in registry-doctor/????????????????) ;; *) return 1 ;; esac
  is_number "$3" && [ ${#3} -le 16 ] && is_base64 43 "$4" && is_base64 91 "$6"
}

# Whether $2 is so many base64 digits ($1) and one "=".
is_base64() {
  case ${2%=} in *[!A-Za-z0-9+/]*) return 1 ;; esac
  [ "${2%=}=" = "$2" ] && [ ${#2} -eq $(($1 + 1)) ]
}
