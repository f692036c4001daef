# The probe: looks, tries, asks; changes nothing.
main() {
  begin probe
  read -r started _ </proc/uptime
  report_machine
  read_config
  find_process
  read_overrides
  report_config
  report_process
  read_account
  report_account
  choose_tried_identity
  find_urls
  ask_both | report_rest
}

report_machine() {
  read_identity "/proc/$$/status"
  probe_user=$(id -un 2>/dev/null) || probe_user=$identity_uid
  emit probe-uid "$identity_uid"
  emit probe-user "$probe_user"
  emit taken-at "$(date +%s)"
  read -r hostname </proc/sys/kernel/hostname
  emit hostname "$hostname"
  if read -r boot_id 2>/dev/null </proc/sys/kernel/random/boot_id; then known boot-id "$boot_id"; else unknown boot-id 'not permitted'; fi
  booted=$(grep -m 1 '^btime ' /proc/stat 2>/dev/null)
  if [ -n "$booted" ]; then known booted-at "${booted#btime }"; else unknown booted-at 'not permitted'; fi
}

report_config() {
  emit config-path "$config_path"
  case $config_state in
    read) known config "$config_text" ;;
    absent) absent config ;;
    *) unknown config "$config_why" ;;
  esac
  IFS=$newline
  for override in $overrides; do emit override "$override"; done
  IFS=" 	$newline"
}

# The registry's answers come through the pipe, while the walk is made.
report_rest() {
  choose_root
  if [ -n "$root" ]; then
    emit walked-root "$root"
    walk "$root"
  fi
  report_answers "$(cat)"
  read -r ended _ </proc/uptime
  emit uptimes "$started $ended"
  finish
}

choose_root() {
  root=${root_override:-$override_root}
  root=${root:-$config_root}
  [ -n "$root" ] || [ "$config_driver" != filesystem ] || root=/var/lib/registry
  case $root in /*) ;; *) root='' ;; esac
}
