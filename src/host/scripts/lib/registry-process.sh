# The live registry process that serves this config: a process named registry or docker-registry (Harbor's is
# registry_DO_NOT_USE_GC, of which the kernel keeps 15 bytes) with the argument "serve" and the config file as its
# argument. Never guessed: several, or an ambiguous one, is unknown. Anyone can give a process this name, and its
# identity and environment decide what is opened to whom. So on the host itself its account has to be root's or the
# service's. process_state is found, absent or unknown (process_why says why).
soh=$(printf '\001')

find_process() {
  process_state=unknown process_why='' process_pid=''
  foreign='' serving='' serving_count=0 elsewhere='' elsewhere_count=0 unnamed='' unnamed_count=0 other_count=0 other_configs=''
  # Under hidepid (proc(5)) processes of other accounts are hidden, so seeing none proves nothing.
  if ! read -r label 2>/dev/null </proc/1/comm; then process_why='own-processes-only'; return; fi
  set +f
  named=$(grep -lxE 'registry|docker-registry|registry_DO_NOT' /proc/[0-9]*/comm 2>/dev/null)
  [ $? -le 2 ] || process_why='processes-unlisted'
  set -f
  for candidate in $named; do
    candidate=${candidate#/proc/}
    sort_candidate "${candidate%/comm}"
  done
  process_pid=''
  choose_process
}

# Sets the arguments of a process. A newline inside an argument becomes \001, because the arguments are split at
# newlines.
read_arguments() {
  arguments=$newline$(head -c 8192 2>/dev/null <"/proc/$1/cmdline" | tr '\000\n' '\n\001')$newline
}

sort_candidate() {
  read_arguments "$1" 2>/dev/null
  case $arguments in *"${newline}serve$newline"*) ;; *) return ;; esac
  named_config=''
  IFS=$newline
  for argument in ${arguments#*"${newline}serve$newline"}; do
    case $argument in -*) continue ;; esac
    case $argument in *"$soh"*) argument=$(printf '%s.' "$argument" | tr '\001' '\n') argument=${argument%.} ;; esac
    named_config=$argument
    break
  done
  IFS=" 	$newline"
  # Without an argument, this variable names it (distribution, registry.go, resolveConfiguration).
  [ -n "$named_config" ] || named_config=$(tr '\000\n' '\n\001' 2>/dev/null <"/proc/$1/environ" | sed -n 's/^REGISTRY_CONFIGURATION_PATH=//p' | head -n 1)
  if is_foreign "$1"; then
    if [ -n "$named_config" ] && names_our_config "$1" "$named_config"; then foreign="$foreign $1:$identity_real_uid"; fi
    return
  fi
  if [ -z "$named_config" ]; then
    unnamed=$1 unnamed_arguments=$arguments unnamed_count=$((unnamed_count + 1))
  elif names_our_config "$1" "$named_config"; then
    serving=$1 serving_arguments=$arguments serving_count=$((serving_count + 1))
  elif [ "$named_config" = "$config_path" ] && has_own_root "$1"; then
    elsewhere=$1 elsewhere_arguments=$arguments elsewhere_count=$((elsewhere_count + 1))
  else
    other_count=$((other_count + 1))
    note_other_config "$named_config"
  fi
}

# Adds a config that another registry serves, so that people see which they can mean. Only plain names, and a few.
note_other_config() {
  case $1 in /*) ;; *) return ;; esac
  case $1 in *[!A-Za-z0-9._/-]*) return ;; esac
  [ ${#1} -le 64 ] && [ $other_count -le 2 ] || return 0
  other_configs="$other_configs $1"
}

# Whether an account of this host started the process that is neither root nor the service's. The real uid shows it,
# because a setuid program can have any name. In a private mount namespace the accounts are others. Only root makes one,
# or an account that makes a user namespace with it (user_namespaces(7)), and for that one its owner is reported.
is_foreign() {
  [ "$account_state" = found ] || return 1
  read_identity "/proc/$1/status" || return 1
  case $identity_real_uid in 0 | "$account_uid") return 1 ;; esac
  process_pid=$1
  read_namespaces
  [ "$process_mounts" = same ]
}

# Whether an argument of the process names our config file, as the process sees it (another mount namespace, another
# working directory). If that can't be inspected, whether the text is the same.
names_our_config() {
  # -ef is in POSIX since 2024, and long before in dash, bash and busybox.
  # shellcheck disable=SC3013
  if [ -e "$config_path" ] && [ -e "/proc/$1/root/." ]; then
    case $2 in
      /*) [ "/proc/$1/root$2" -ef "$config_path" ] ;;
      *) [ "/proc/$1/cwd/$2" -ef "$config_path" ] ;;
    esac
    return
  fi
  [ "$2" = "$config_path" ]
}

# Whether the process has a root of its own, in which the same text names another file.
has_own_root() {
  # shellcheck disable=SC3013
  [ -e "/proc/$1/root/." ] && [ ! "/proc/$1/root/." -ef /. ]
}

choose_process() {
  [ -z "$process_why" ] || return
  if [ $serving_count -eq 1 ]; then
    process_state=found process_pid=$serving process_arguments=$serving_arguments
  elif [ $serving_count -gt 1 ]; then
    process_why="several-with-config $serving_count"
  elif [ $elsewhere_count -eq 1 ]; then
    process_state=found process_pid=$elsewhere process_arguments=$elsewhere_arguments
  elif [ $elsewhere_count -gt 1 ]; then
    process_why="several-in-containers $elsewhere_count"
  elif [ $unnamed_count -eq 1 ] && [ $other_count -eq 0 ]; then
    process_state=found process_pid=$unnamed process_arguments=$unnamed_arguments
  elif [ $unnamed_count -gt 0 ]; then
    process_why="several-unnamed $((unnamed_count + other_count))"
  elif [ $other_count -gt 0 ] && [ ! -e "$config_path" ]; then
    process_why="none-with-config $other_count$other_configs"
  else
    process_state=absent
  fi
}

# Finds the process first, and then its config file, which might be visible only to the process.
find_registry() {
  read_account
  find_process
  choose_view
  read_config
  read_overrides
}

choose_view() {
  view='' process_mounts=unknown process_users=unknown start_ticks=''
  [ "$process_state" = found ] || return 0
  read_namespaces
  read_start_ticks "$process_pid"
  case $process_mounts$process_users in *other*) ;; *) return 0 ;; esac
  [ -n "$start_ticks" ] && [ -d "/proc/$process_pid/root/." ] || return 0
  view=/proc/$process_pid/root
}

# The settings that the process's environment overrides (distribution, "Override specific configuration options"). A
# variable can also hold a whole section, as YAML. That of the storage can have secrets in it, and is not read.
read_overrides() {
  overrides='' override_root='' override_storage='' override_address='' override_debug_address=''
  [ "$process_state" = found ] && [ -r "/proc/$process_pid/environ" ] || return 0
  # Most processes have none, and then this is the only cost.
  grep -aq REGISTRY_ "/proc/$process_pid/environ" 2>/dev/null || return 0
  overrides=$(tr '\000\n' '\n\001' 2>/dev/null <"/proc/$process_pid/environ" | head -c 1048576 |
    grep -aE '^REGISTRY_(STORAGE|STORAGE_FILESYSTEM|STORAGE_MAINTENANCE|STORAGE_MAINTENANCE_READONLY|STORAGE_FILESYSTEM_ROOTDIRECTORY|HTTP_ADDR|HTTP_NET|HTTP_TLS_CERTIFICATE|HTTP_TLS_KEY|HTTP_TLS_LETSENCRYPT_CACHEFILE|HTTP_DEBUG_ADDR|HEALTH_STORAGEDRIVER_ENABLED|STORAGE_MAINTENANCE_READONLY_ENABLED|DATABASE_ENABLED|AUTH_HTPASSWD_PATH|AUTH_TOKEN_ROOTCERTBUNDLE)=' |
    sed -E 's/^(REGISTRY_STORAGE(_FILESYSTEM)?)=.+$/\1=redacted/')
  IFS=$newline
  for override in $overrides; do
    case $override in *"$soh"*) override=$(printf '%s.' "$override" | tr '\001' '\n') override=${override%.} ;; esac
    case $override in
      REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY=*) override_root=${override#*=} ;;
      REGISTRY_STORAGE=redacted | REGISTRY_STORAGE_FILESYSTEM=redacted) override_storage=yes ;;
      REGISTRY_HTTP_ADDR=*) override_address=${override#*=} ;;
      REGISTRY_HTTP_DEBUG_ADDR=*) override_debug_address=${override#*=} ;;
      REGISTRY_HTTP_NET=*) config_net=${override#*=} config_listens=${override#*=} ;;
      REGISTRY_*) override_path "${override%%=*}" "${override#*=}" ;;
    esac
  done
  IFS=" 	$newline"
}

# An empty variable overrides nothing, as the bot reads it.
override_path() {
  [ -n "$2" ] || return 0
  case $1 in
    REGISTRY_AUTH_HTPASSWD_PATH) config_htpasswd=$2 config_htpasswd_setting=$1 ;;
    REGISTRY_AUTH_TOKEN_ROOTCERTBUNDLE) config_token_certificate=$2 config_token_certificate_setting=$1 ;;
    REGISTRY_HTTP_TLS_CERTIFICATE) config_tls=on config_tls_certificate=$2 config_tls_certificate_setting=$1 ;;
    REGISTRY_HTTP_TLS_KEY) config_tls_key=$2 config_tls_key_setting=$1 ;;
    REGISTRY_HTTP_TLS_LETSENCRYPT_CACHEFILE) config_tls=on config_acme_cache=$2 config_acme_cache_setting=$1 ;;
  esac
}
