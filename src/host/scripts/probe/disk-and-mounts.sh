# Reports free space on the storage's filesystem, what the host mounts, and which boot-time rules set modes. One fact
# per line. A list is complete if both "NAME{" and "NAME}" are there. Requests to a server or to systemd have three
# seconds.
collect_disk_and_mounts() {
  {
    report_space
    report_fstab
    report_devices
    report_mount_units
    report_tmpfiles
    report_jobs
    echo end
  } </dev/null 2>/dev/null | tr -d '\000' | head -c 196608
}

report_space() {
  if [ -z "$root_place" ]; then echo 'space absent'; return; fi
  tell_space space "$root_place"
  number=1
  while [ "$number" -le "$used_count" ]; do
    load_used "$number"
    [ "$used_role" != storage ] || tell_inner_space
    number=$((number + 1))
  done
}

# In the process's view the kernel must follow no symlink.
tell_inner_space() {
  inner_place=$root_place/${used_path#"${root%/}/"}
  if [ -n "$view" ] && [ -L "$inner_place" ]; then echo "space-of-$number unknown link-in-own-tree"
  else tell_space "space-of-$number" "$inner_place"
  fi
}

# Prints free space from statvfs(3): block size, blocks, and the blocks and inodes that an ordinary account can still
# use.
tell_space() {
  if ! command -v timeout >/dev/null; then echo "$1 unknown missing-on-host timeout"; return; fi
  space=$(timeout 3 stat -f -c '%S %b %a %c %d' -- "$2" 2>&1)
  space_status=$?
  # toybox's timeout often ends with 127 after a program that went well (0.8.9), so an answer in full counts.
  case $space in *[!0-9\ ]*) ;; *' '*' '*' '*' '[0-9]*) space_status=0 ;; esac
  case $space_status:$space in
    0:*) printf '%s known %s\n' "$1" "$space" ;;
    *:*': '*) printf '%s unknown host-said %s\n' "$1" "$(printf %s "${space##*: }" | tr '\n' ' ')" ;;
    124:* | 137:* | 143:*) echo "$1 unknown no-answer 3" ;;
    *) echo "$1 unknown host-said stat ended with status $space_status" ;;
  esac
}

report_fstab() {
  if [ -f /etc/fstab ] && [ -r /etc/fstab ]; then echo 'fstab{'; awk "$fstab_awk" /etc/fstab
  elif [ -e /etc/fstab ]; then echo 'fstab unknown not-permitted'
  else echo 'fstab absent'
  fi
}

# Reports the numbers of every device that fstab or the mount table can name: by its device file, and by udev's names.
report_devices() {
  set --
  IFS=$newline
  for device in $(awk "$device_names_awk" /proc/self/mountinfo /etc/fstab | head -n 256); do set -- "$@" "$device"; done
  IFS=" 	$newline"
  set +f
  for device in /dev/disk/by-uuid/* /dev/disk/by-label/* /dev/disk/by-partuuid/* /dev/disk/by-partlabel/*; do
    if [ -b "$device" ]; then set -- "$@" "$device"; fi
  done
  set -f
  if [ -d /dev/disk/by-uuid ]; then echo 'uuids{'; else echo 'uuids unknown missing-on-host /dev/disk/by-uuid'; fi
  if [ $# -gt 0 ]; then stat -L -c 'device %t:%T %f %n' -- "$@" | head -n 1024; fi
  echo 'uuids}'
}

report_mount_units() {
  if [ ! -d /run/systemd/system ]; then echo 'units absent'; return; fi
  if ! command -v timeout >/dev/null; then echo 'units unknown missing-on-host timeout'; return; fi
  units=$(timeout 3 systemctl show --no-pager \
    -p Id,Where,What,ActiveState,Result,FragmentPath,SourcePath,UnitFileState,WantedBy,RequiredBy,ActiveEnterTimestampMonotonic \
    '*.mount' '*.automount')
  case $?:$units in
    0:*) echo 'units{'; printf '%s\n' "$units" | awk "$units_awk" ;;
    124:*) echo 'units unknown no-answer 3' ;;
    *) echo 'units unknown systemctl-silent' ;;
  esac
}

# Reports rules of tmpfiles.d(5). Of files with the same name, only the one in the first directory counts. Without
# systemd, a boot script applies them.
report_tmpfiles() {
  set +f
  set -- /etc/init.d/*tmpfiles*setup
  if [ ! -d /run/systemd/system ] && [ ! -e "$1" ]; then set -f; return; fi
  set --
  taken=/
  for file in /etc/tmpfiles.d/*.conf /run/tmpfiles.d/*.conf /usr/local/lib/tmpfiles.d/*.conf /usr/lib/tmpfiles.d/*.conf; do
    case $taken in *"/${file##*/}/"*) continue ;; esac
    taken=$taken${file##*/}/
    if is_readable "$file"; then set -- "$@" "$file"; fi
  done
  set -f
  if [ $# -gt 0 ]; then report_resets kind=tmpfiles "$@"; fi
}

# Reports jobs of cron and of the boot, and systemd's units, if one of their own lines names what they change.
report_jobs() {
  set -- kind=cron
  set +f
  for file in /etc/crontab /etc/cron.d/* /etc/cron.hourly/* /etc/cron.daily/* /etc/cron.weekly/* /etc/cron.monthly/* \
    /var/spool/cron/* /var/spool/cron/crontabs/* /var/spool/cron/tabs/* /etc/rc.local /etc/rc.d/rc.local /etc/local.d/*.start; do
    if is_readable "$file"; then set -- "$@" "$file"; fi
  done
  set -- "$@" kind=unit
  if [ -d /run/systemd/system ]; then
    for file in /etc/systemd/system/*.service /etc/systemd/system/*.service.d/*.conf /run/systemd/system/*.service \
      /usr/local/lib/systemd/system/*.service /usr/lib/systemd/system/*.service /lib/systemd/system/*.service; do
      # If /lib is a symlink to /usr/lib, its files are already included.
      case $file in /lib/*) [ ! -L /lib ] || continue ;; esac
      if is_readable "$file"; then set -- "$@" "$file"; fi
    done
  fi
  set -f
  report_resets "$@"
  for directory in /var/spool/cron /var/spool/cron/crontabs; do
    if [ -d "$directory" ] && [ ! -r "$directory" ]; then echo "resets unknown not-permitted-at $directory"; return; fi
  done
}

report_resets() {
  echo 'resets{'
  awk "$resets_awk" "$@"
}

# A file with content. cron and systemd ignore a name with a newline.
is_readable() {
  case $1 in *"$newline"*) return 1 ;; esac
  [ -f "$1" ] && [ -s "$1" ] && [ -r "$1" ]
}
