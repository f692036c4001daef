# The identity of a task as the kernel judges it, read from its /proc/PID/status (proc_pid_status(5)): file-system uid
# and gid (the fourth of each), supplementary groups, and the two effective capabilities that bypass mode bits. Bit 1 is
# CAP_DAC_OVERRIDE, bit 2 CAP_DAC_READ_SEARCH (capability.h), both in the last hex digit. Also the real uid, the first
# one: the account that started it.
read_identity() {
  identity_real_uid='' identity_uid='' identity_gid='' identity_groups='' identity_override=0 identity_search=0
  identity_capabilities=''
  [ -r "$1" ] || return 1
  while read -r label values; do
    case $label in
      Uid:) identity_real_uid=${values%%[ 	]*} identity_uid=${values##*[ 	]} ;;
      Gid:) identity_gid=${values##*[ 	]} ;;
      Groups:) identity_groups=$values ;;
      CapEff:)
        identity_capabilities=$values
        case $values in *[2367abef]) identity_override=1 ;; esac
        case $values in *[4567cdef]) identity_search=1 ;; esac
        return 0
        ;;
    esac
  done 2>/dev/null <"$1"
  return 1
}
