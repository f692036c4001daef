# Security modules, and other settings that can deny what the mode bits allow, one a line.
collect_security() {
  tell_selinux
  tell_setting protected-symlinks /proc/sys/fs/protected_symlinks
  tell_setting protected-hardlinks /proc/sys/fs/protected_hardlinks
  tell_label
}

# The kernel's own value, or getenforce's if selinuxfs is elsewhere. Without either directory there is no SELinux.
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

# "read" fails anyway: a shell reads byte by byte, and these files end after the first.
tell_setting() {
  setting=''
  if [ ! -e "$2" ]; then echo "$1 absent"; return; fi
  read -r setting 2>/dev/null <"$2"
  if [ -n "$setting" ]; then echo "$1 known $setting"; else echo "$1 unknown not-permitted"; fi
}

# The file ends with a newline or a NUL, depending on the module. A kernel without one answers EINVAL.
tell_label() {
  if [ "$process_state" != found ]; then echo 'label absent'; return; fi
  label=$({ tr -d '\000\n' <"/proc/$process_pid/attr/current" | head -c 1024; } 2>&1)
  case $label in
    *': Invalid argument') echo 'label absent' ;;
    *"/proc/$process_pid/attr/current"*) echo "label unknown host-said ${label##*: }" ;;
    *) echo "label known $label" ;;
  esac
}
