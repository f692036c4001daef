# The registry's identity: its running process, and the account that the settings name.
name_of_user() {
  user_name=$(getent passwd "$1" 2>/dev/null)
  user_name=${user_name%%:*}
  [ -n "$user_name" ] || user_name=$1
}

read_account() {
  account_state=unknown account_why='' account_uid='' account_gid='' account_groups=''
  account_uid=$(id -u -- "$service_user" 2>&1)
  case $account_uid in
    *[!0-9]* | '')
      account_why="host-said ${account_uid##*: }"
      case $account_uid in *'no such user'* | *'unknown user'*) account_state=absent ;; esac
      account_uid=''
      return
      ;;
  esac
  account_groups=$(id -G -- "$service_user" 2>/dev/null)
  # The primary group comes first (id(1)).
  account_gid=${account_groups%% *}
  account_state=found
}

report_account() {
  case $account_state in
    found) 
      known account "$account_uid $account_gid 0 0 $account_groups"
      emit account-user "$service_user"
      ;;
    absent) absent account ;;
    *) unknown account "$account_why" ;;
  esac
}

# Reports processes of other accounts that look like the registry. Their number is limited, because anyone can start
# more.
report_foreign() {
  # Word splitting is wanted: our own words.
  # shellcheck disable=SC2086
  set -- $foreign
  foreign_count=0
  for process; do
    [ $foreign_count -lt 8 ] || return 0
    foreign_count=$((foreign_count + 1))
    name_of_user "${process#*:}"
    emit foreign-process "${process%:*} ${process#*:} $user_name"
  done
}

report_process() {
  if [ "$process_state" = found ] && ! read_identity "/proc/$process_pid/status"; then
    process_state=unknown process_why='ended-meanwhile'
  fi
  case $process_state in
    found) ;;
    absent) absent process; return ;;
    *) unknown process "$process_why"; return ;;
  esac
  name_of_user "$identity_uid"
  known process "$process_pid $identity_uid $identity_gid $identity_override $identity_search $identity_groups"
  emit process-user "$user_name"
  emit process-arguments "$process_arguments"
  emit process-mounts "$process_mounts"
  emit process-users "$process_users"
  emit process-start "$start_ticks"
}

# Sets the identity for the access tests: that of the running process, otherwise of the account.
choose_tried_identity() {
  tried_state=known tried_uid='' tried_gid='' tried_groups='' tried_override=0 tried_search=0 tried_users=''
  if [ "$process_state" = found ]; then
    [ "$process_users" != other ] || tried_users=$process_pid
    tried_uid=$identity_uid tried_gid=$identity_gid tried_groups=$identity_groups
    tried_override=$identity_override tried_search=$identity_search
  elif [ "$account_state" = found ]; then
    tried_uid=$account_uid tried_gid=$account_gid tried_groups=$account_groups
  else
    tried_state=absent
  fi
}
