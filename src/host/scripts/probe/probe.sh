# The probe: reads, tests, asks, and changes nothing.
probe_main() {
  begin probe
  read -r started _ </proc/uptime
  report_machine
  find_registry
  report_config
  report_process
  report_foreign
  report_account
  choose_tried_identity
  find_urls
  choose_root
  find_root_place
  choose_used_paths
  [ -n "$find_how" ] || choose_find
  ask_both |
    in_parallel service_state | in_parallel disk_and_mounts | in_parallel security |
    in_parallel storage_contents | in_parallel image_links | in_parallel registry_logs | in_parallel host_history |
    report_rest
}

# Runs a collector at the same time as those before it in the pipe, and as the walk. It prints text without NUL, with
# its own limits on time and size. It changes nothing, and its variables stay its own.
in_parallel() {
  section=$("collect_$1")
  cat
  print_section "$1" "$section"
}

report_machine() {
  read_identity "/proc/$$/status"
  probe_user=$(id -un 2>/dev/null) || probe_user=$identity_uid
  emit probe-uid "$identity_uid"
  emit probe-user "$probe_user"
  find_why_no_plan
  emit plan-refused "$why"
  emit taken-at "$(date +%s)"
  read -r hostname </proc/sys/kernel/hostname
  emit hostname "$hostname"
  if read -r boot_id 2>/dev/null </proc/sys/kernel/random/boot_id; then known boot-id "$boot_id"; else unknown boot-id not-permitted; fi
  booted=$(grep -m 1 '^btime ' /proc/stat 2>/dev/null)
  if [ -n "$booted" ]; then known booted-at "${booted#btime }"; else unknown booted-at not-permitted; fi
}

report_config() {
  emit config-path "$config_path"
  case $config_state in
    read)
      known config "$config_text"
      emit config-lines "$config_lines"
      emit config-syntax "$config_syntax"
      ;;
    absent) absent config ;;
    *) unknown config "$config_why" ;;
  esac
  IFS=$newline
  for override in $overrides; do emit override "$override"; done
  IFS=" 	$newline"
}

# The collected output comes through the pipe while the walk runs.
report_rest() {
  # If the registry has stopped, its last log lines might name a file that nothing else does, so logs are collected
  # before the walk.
  sections=''
  if [ "$process_state" = absent ]; then
    sections=$(cat)
    add_path_from_log
  fi
  report_used_paths
  walk_number=0 path_end='' path_cut=''
  if [ -n "$root" ]; then
    emit walked-root "$root"
    walk "$root" look_at walk_further
  else
    # No inodes met so far.
    # shellcheck disable=SC2119
    walk_further
  fi
  report_urls
  [ -n "$sections" ] || sections=$(cat)
  emit sections "$sections"
  read -r ended _ </proc/uptime
  emit uptimes "$started $ended"
  finish
}

# Sets root to the storage root as the registry spells it.
choose_root() {
  root=${root_override:-$override_root}
  # The environment has a section of its own for the storage.
  if [ -z "$root" ] && [ -n "$override_storage" ]; then return; fi
  root=${root:-$config_root}
  [ -n "$root" ] || [ "$config_driver" != filesystem ] || root=/var/lib/registry
  case $root in /*) clean_root ;; *) root='' ;; esac
}

# As Go's path.Join makes it, with which the registry combines every path (distribution's filesystem driver): "..", "."
# and empty names are resolved as text, whatever symlinks exist.
clean_root() {
  case $root/ in *//* | */./* | */../*) ;; *) return ;; esac
  rest=$root root=''
  while next_part; do
    case $part in
      .) ;;
      ..) root=${root%/*} ;;
      *) root=$root/$part ;;
    esac
  done
  root=${root:-/}
}
