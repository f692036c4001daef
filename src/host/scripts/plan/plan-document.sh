# The plan document (src/host/request/plan-document.ts writes it): data, parsed here into variables, one value at a
# time. The previous format had no line "also". Such plans might be on record here, to be undone.
parse_plan() {
  split_lines "$plan_text"
  # Word splitting is wanted.
  # shellcheck disable=SC2086
  { set -- $lines; join_words; }
  [ $# -ge 20 ] || return 1
  case $1 in registry-doctor-plan/2) plan_form=2 ;; registry-doctor-plan/1) plan_form=1 ;; *) return 1 ;; esac
  parse_plan_head "$@" || return 1
  shift $((18 + plan_form))
  [ $# -eq $((also_count * 3 + step_count * 13 + 1)) ] || return 1
  number=1
  while [ "$number" -le "$also_count" ]; do
    parse_also "$@" || return 1
    shift 3
    number=$((number + 1))
  done
  number=1
  while [ "$number" -le "$step_count" ]; do
    parse_step "$@" || return 1
    shift 13
    number=$((number + 1))
  done
  [ "$1" = end ]
}

parse_plan_head() {
  field plan "$2" && plan_id=$value || return 1
  case $plan_id in *[!0-9-]* | '') return 1 ;; esac
  field hash "$3" && is_hex64 "$value" && plan_hash=$value || return 1
  field undoes "$4" && plan_undoes=$value || return 1
  [ -z "$plan_undoes" ] || is_hex64 "$plan_undoes" || return 1
  field host "$5" || return 1
  field hostname "$6" && plan_hostname=$value || return 1
  field boot "$7" && plan_boot_id=$value || return 1
  field until-uptime "$8" && plan_until=$value || return 1
  [ -z "$plan_until" ] || is_number "$plan_until" || return 1
  field expires "$9" || return 1
  field nonce "${10}" && plan_nonce=$value || return 1
  field risk "${11}" && plan_risk=$value || return 1
  case $plan_risk in low | high) ;; *) return 1 ;; esac
  field root "${12}" && root=$value || return 1
  case $root in '' | /*) ;; *) return 1 ;; esac
  shift 12
  parse_identity "$@" && [ "$root$also_count" != 0 ]
}

parse_identity() {
  field uid "$1" && is_number "$value" && tried_uid=$value || return 1
  field gid "$2" && is_number "$value" && tried_gid=$value || return 1
  field groups "$3" || return 1
  case $value in *[!0-9,]*) return 1 ;; esac
  split_commas "$value"
  tried_groups=$split
  field override "$4" && tried_override=$value || return 1
  field search "$5" && tried_search=$value || return 1
  case $tried_override$tried_search in [01][01]) ;; *) return 1 ;; esac
  field process "$6" || return 1
  plan_process=${value%:*} plan_process_start=${value#*:}
  case $value in '') ;; *:*) is_number "$plan_process" && is_number "$plan_process_start" || return 1 ;; *) return 1 ;; esac
  also_count=0
  if [ "$plan_form" = 2 ]; then
    field also "$7" && is_number "$value" && [ ${#value} -le 2 ] && also_count=$value || return 1
    shift
  fi
  [ "$also_count" -le 16 ] || return 1
  field steps "$7" && is_number "$value" && step_count=$value || return 1
  [ ${#step_count} -le 4 ]
}

parse_also() {
  field use "$1" || return 1
  case $value in read | write | directory) ;; *) return 1 ;; esac
  eval "also_${number}_use=\$value"
  field secret "$2" || return 1
  case $value in [01]) ;; *) return 1 ;; esac
  eval "also_${number}_secret=\$value"
  field at "$3" || return 1
  case $value in /*) ;; *) return 1 ;; esac
  eval "also_${number}_path=\$value"
}

also_use='' also_secret='' also_path=''

# Sets the variables of path number $1 that the service has to be able to use besides its storage root.
load_also() { eval "also_use=\$also_$1_use also_secret=\$also_$1_secret also_path=\$also_$1_path"; }

parse_step() {
  [ "$1" = "step $number" ] || return 1
  keep_field action "$2" || return 1
  keep_field path "$3" || return 1
  keep_field device "$4" && is_number "$value" || return 1
  keep_field inode "$5" && is_number "$value" || return 1
  keep_field mode "$6" && is_mode "$value" || return 1
  keep_field owner "$7" && is_owner "$value" || return 1
  keep_field acl "$8" && is_acl "$value" || return 1
  keep_field from "$9" && is_acl "$value" || return 1
  keep_field to "${10}" && is_acl "$value" || return 1
  keep_field entries "${11}" || return 1
  [ -z "$value" ] || is_number "$value" || return 1
  keep_field digest "${12}" || return 1
  [ -z "$value" ] || is_hex64 "$value" || return 1
  keep_field kind "${13}" || return 1
  case $value in '' | directory | file) ;; *) return 1 ;; esac
}

# Keeps a value in a variable of the step's own. What eval sees are only names and a number made here, never the value.
keep_field() {
  field "$1" "$2" || return 1
  eval "step_${number}_$1=\$value"
}

is_mode() { case $1 in [0-7][0-7][0-7][0-7]) ;; *) return 1 ;; esac; }
is_owner() { is_number "${1%%:*}" && is_number "${1#*:}"; }
# Whether $1 has only the characters of a mode, an owner or an ACL.
is_acl() { case $1 in *[!a-z0-9:,-]*) return 1 ;; esac; }

step_action='' step_path='' step_device='' step_inode='' step_mode='' step_owner='' step_acl='' step_from='' step_to=''
step_entries='' step_digest='' step_kind='' step_what=directory

# Whether the step is for one file instead of one directory.
is_file_step() { [ "$step_kind$step_entries" = f ]; }

# Sets the variables of step number $1: what to do with one directory or file, and its state in the plan.
load_step() {
  eval "step_action=\$step_$1_action step_path=\$step_$1_path step_device=\$step_$1_device step_inode=\$step_$1_inode"
  eval "step_mode=\$step_$1_mode step_owner=\$step_$1_owner step_acl=\$step_$1_acl step_from=\$step_$1_from step_to=\$step_$1_to"
  eval "step_entries=\$step_$1_entries step_digest=\$step_$1_digest step_kind=\$step_$1_kind"
  step_uid=${step_owner%%:*} step_gid=${step_owner#*:}
  case $step_kind in directory) step_kind=d ;; file) step_kind=f ;; esac
  step_what=directory
  ! is_file_step || step_what='file'
}
