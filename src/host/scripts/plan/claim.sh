# The host's own record of plans: a directory for each, made once. A process that works on a plan holds a lock in it,
# which the kernel releases when the holder and all its children are gone.
# Whether $1 is this login's own directory, and not a symlink to one.
own_directory() { is_directory_with "$1" %u "$own_uid"; }
# Like own_directory, and no other account can read or write it.
private_directory() { is_directory_with "$1" '%u %a' "$own_uid 700"; }
is_directory_with() { [ ! -L "$1" ] && [ -d "$1" ] && [ "$(stat -c "$2" -- "$1" 2>/dev/null)" = "$3" ]; }

# Sets plans, the directory of all claims, and creates it if $1 is "make". If it can't be trusted, why says so, and
# untrusted is the path that is wrong or missing.
find_plans() {
  making=$1 why='' untrusted=''
  read_identity "/proc/$$/status"
  own_uid=$identity_uid
  choose_slash_dot
  if [ "$own_uid" = 0 ]; then
    set -- /var/lib
  else
    case $login_home in /*) ;; *) why='no-home-directory'; return 1 ;; esac
    set -- "$login_home" "$login_home/.local" "$login_home/.local/state"
  fi
  for parent; do trusted own_directory "$parent" || return; done
  trusted private_directory "$parent/registry-doctor" || return
  plans=$parent/registry-doctor/plans
  trusted private_directory "$plans"
}

trusted() {
  untrusted=$2
  if [ "$making" = make ] && [ ! -e "$2" ] && [ ! -L "$2" ]; then mkdir -- "$2" 2>/dev/null; fi
  if "$1" "$2"; then return 0; fi
  if [ ! -L "$2" ] && [ ! -e "$2" ]; then why="directory-not-made $2"; else explain_untrusted "$@"; fi
  return 1
}

# A directory that is another account's, or open to others, is told with its owner and mode.
explain_untrusted() {
  why="not-own-directory $2"
  [ "$1" = private_directory ] && [ ! -L "$2" ] && [ -d "$2" ] || return 0
  found=$(stat -c '%U %u %a' -- "$2" 2>/dev/null) || return 0
  owner=${found%% *} found=${found#* }
  [ "$owner" != UNKNOWN ] || owner=${found%% *}
  why="record-place-of-other $(id -un 2>/dev/null) $owner ${found#* } $2"
}

# Whether the disk of the record has room for one more plan. If not, why says so. Filesystems without a fixed number of inodes
# count none of them.
has_room() {
  for place in "$parent/registry-doctor/plans" "$parent/registry-doctor" "$parent"; do [ ! -d "$place" ] || break; done
  why=''
  case $(timeout 3 stat -f -c '%f %c %d' -- "$place" 2>/dev/null) in
    '0 '* | *' '[1-9]*' 0') why="record-disk-full $place"; return 1 ;;
  esac
}

# Whether this shell's programs get the files that it has opened: flock has to lock them. mksh closes them.
can_lock() {
  command -v flock >/dev/null || { why='no-flock'; return 1; }
  (command exec 9</ && readlink /proc/self/fd/9) >/dev/null 2>&1 || { why='shell-closes-files'; return 1; }
}

# Making a claim and locking it happen under one lock on the directory of all claims, held only for that. A process that
# finds a claim without a holder then knows that its maker is gone.
lock_plans() { { command exec 8<"$plans"; } 2>/dev/null && flock 8; }
unlock_plans() { exec 8<&-; }

# Takes the claim's lock on descriptor 9. Tries at most $1 times, a fifth of a second apart. Returns 1 if another
# process holds it, 2 if there is no lock.
lock_claim() {
  { command exec 9>>"$claim/lock"; } 2>/dev/null || return 2
  tries_left=$1
  until flock -n 9; do
    tries_left=$((tries_left - 1))
    [ "$tries_left" -gt 0 ] || return 1
    sleep 0.2
  done
}

# Writes standard input to a file of the claim, completely or not at all, and returns once it is on the disk.
write_durably() {
  dd of="$claim/$1.new" conv=fsync 2>/dev/null && mv -f -- "$claim/$1.new" "$claim/$1" || return
  sync -- "$claim" "$plans" 2>/dev/null || :
}
