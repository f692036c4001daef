# The identity of a task as the kernel judges it, read from its /proc/PID/status (proc_pid_status(5)): file-system uid
# and gid (the fourth of each), supplementary groups, and the two effective capabilities that bypass mode bits. Bit 1 is
# CAP_DAC_OVERRIDE, bit 2 CAP_DAC_READ_SEARCH (capability.h), both in the last hex digit. Also the real uid, the first
# one: the account that started it.
#
# bash reads a file in pieces and seeks back to the end of each line, and after a seek the kernel writes it again. If
# the task's state has changed in between, as from "S (sleeping)" to "R (running)", the next line has lost its first letter.
# So an answer counts only if it has every label; a task that changes its state all the time is read again.
read_identity() {
  for identity_try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
    [ -r "$1" ] || return 1
    if read_identity_once "$1"; then return 0; fi
  done
  return 1
}

read_identity_once() {
  identity_real_uid='' identity_uid='' identity_gid='' identity_groups='' identity_override=0 identity_search=0
  identity_capabilities='' identity_labels=''
  while read -r label values; do
    case $label in
      Uid:) identity_real_uid=${values%%[ 	]*} identity_uid=${values##*[ 	]} ;;
      Gid:) identity_gid=${values##*[ 	]} ;;
      Groups:) identity_groups=$values ;;
      CapEff:)
        identity_capabilities=$values
        case $values in *[2367abef]) identity_override=1 ;; esac
        case $values in *[4567cdef]) identity_search=1 ;; esac
        [ "$identity_labels" = Uid:Gid:Groups: ]
        return
        ;;
      *) continue ;;
    esac
    identity_labels=$identity_labels$label
  done 2>/dev/null <"$1"
  return 1
}
