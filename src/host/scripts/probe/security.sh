# Prints the state of security modules, and kernel settings that can deny what the mode bits allow, one per line.
collect_security() {
  tell_selinux
  tell_setting protected-symlinks /proc/sys/fs/protected_symlinks
  tell_setting protected-hardlinks /proc/sys/fs/protected_hardlinks
  tell_label
}

# Prints whether SELinux is enforcing: from the kernel, or from getenforce if selinuxfs is mounted elsewhere. If neither
# answers and /sys/fs exists without selinux in it, the kernel has no SELinux.
tell_selinux() {
  enforce=''
  read -r enforce 2>/dev/null </sys/fs/selinux/enforce
  case $enforce in
    1) echo 'selinux known enforcing'; return ;;
    0) echo 'selinux known permissive'; return ;;
  esac
  case $(getenforce 2>/dev/null) in
    Enforcing) echo 'selinux known enforcing' ;;
    Permissive) echo 'selinux known permissive' ;;
    Disabled) echo 'selinux known disabled' ;;
    *) if [ -d /sys/fs/selinux ] || [ ! -d /sys/fs ]; then echo 'selinux unknown not-permitted'; else echo 'selinux absent'; fi ;;
  esac
}

# tell_setting NAME FILE: prints a kernel setting. The status of "read" is ignored: a shell reads byte by byte, such a
# file gives only its first byte, and "read" then fails for want of a newline although it has the value.
tell_setting() {
  setting=''
  if [ ! -e "$2" ]; then echo "$1 absent"; return; fi
  read -r setting 2>/dev/null <"$2"
  if [ -n "$setting" ]; then echo "$1 known $setting"; else echo "$1 unknown not-permitted"; fi
}

# Prints the security label of the registry's process. Its file ends with a newline or a NUL, depending on the security
# module. A kernel without a security module fails the read with EINVAL.
tell_label() {
  if [ "$process_state" != found ]; then echo 'label absent'; return; fi
  label=$({ tr -d '\000\n' <"/proc/$process_pid/attr/current" | head -c 1024; } 2>&1)
  case $label in
    *': Invalid argument') echo 'label absent' ;;
    *"/proc/$process_pid/attr/current"*) echo "label unknown host-said ${label##*: }" ;;
    *) echo "label known $label" ;;
  esac
}
