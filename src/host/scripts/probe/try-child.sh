# Runs as the tested identity: sh -c THIS sh [USE TARGET NUMBER PASSED...]... -- DIRECTORY... . Prints its identity; for
# each TARGET "target" and what the service can do with it; then whether it can pass through each DIRECTORY. USE is
# "directory" (stat, list, create) or "file" (stat, read, write). A TARGET counts as out of reach unless the service can
# pass through the NUMBER of directories PASSED. Creates and changes nothing.
set -f

# Sets answer to whether DIRECTORY/. can be looked up. The kernel requires search permission on DIRECTORY itself
# (path_resolution(7)).
judge() {
  if [ -e "$1" ]; then answer=allowed; else classify "$(stat -L -- "$1" 2>&1 >/dev/null)"; fi
}

# The kernel's own words are the last part of a program's message. Rust's coreutils add the error's number.
classify() {
  said=${1##*: }
  said=${said%' (os error '*}
  case $said in
    'Permission denied') answer=denied ;;
    '') answer='failed changed-meanwhile' ;;
    *) answer="failed host-said $said" ;;
  esac
}

judge_list() {
  if [ "$stat_answer" != allowed ]; then answer=$stat_answer
  elif [ ! -d "$target" ]; then answer='failed not-a-directory'
  else judge_open
  fi
}

# Sets answer to whether a regular file can be read. Nothing else is opened: a pipe would wait for its other end.
judge_read() {
  if [ "$stat_answer" != allowed ]; then answer=$stat_answer
  elif [ -d "$target" ]; then answer='failed is-a-directory'
  elif [ ! -f "$target" ]; then answer='failed not-a-regular-file'
  else judge_open
  fi
}

judge_open() {
  if { true <"$target"; } 2>/dev/null; then answer=allowed; else classify "$({ true <"$target"; } 2>&1)"; fi
}

judge_create() {
  if [ "$stat_answer" != allowed ]; then answer=$stat_answer
  elif [ ! -d "$target" ]; then answer='failed not-a-directory'
  else judge_entries_of "$target"
  fi
}

# Sets answer to whether a file can be written to, or, if it is missing, created in its directory.
judge_write() {
  case $stat_answer in
    allowed) ;;
    'failed host-said No such file or directory') judge_entries_of "${target%/*}/"; return ;;
    *) answer=$stat_answer; return ;;
  esac
  if [ -d "$target" ]; then judge_entries_of "$target"; return; fi
  judge_writable "$target"
}

judge_entries_of() {
  judge_writable "$1"
  [ "$answer" != allowed ] || [ -x "$1" ] || answer=denied
}

# Sets answer to whether a file or directory is writable. busybox answers -w only from the mode bits, so its answer is
# not the kernel's.
judge_writable() {
  # shellcheck disable=SC3013
  if [ /proc/self/exe -ef /bin/busybox ] || [ /proc/self/exe -ef /usr/bin/busybox ]; then
    answer='unknown shell-asks-no-kernel'
  elif [ -w "$1" ]; then answer=allowed
  else answer=denied
  fi
}

tell_target() {
  judge "$target"
  [ "$passage" = allowed ] || answer=$passage
  stat_answer=$answer
  echo target
  echo "stat $answer"
  case $use in
    directory) uses='list create' ;;
    *) uses='read write' ;;
  esac
  for use in $uses; do
    "judge_$use"
    echo "$use $answer"
  done
}

uid='' gid='' groups='' capabilities=''
while read -r label values; do
  case $label in
    Uid:) uid=${values##*[ 	]} ;;
    Gid:) gid=${values##*[ 	]} ;;
    Groups:) groups=$values ;;
    CapEff:) capabilities=$values; break ;;
  esac
done </proc/self/status
echo "as $uid $gid $capabilities $groups"

while [ "$1" != -- ]; do
  use=$1 target=$2 passed=$3 passage=allowed
  shift 3
  while [ "$passed" -gt 0 ]; do
    if [ "$passage" = allowed ]; then
      judge "$1/."
      passage=$answer
    fi
    passed=$((passed - 1))
    shift
  done
  tell_target
done
shift

for directory; do
  judge "$directory/."
  echo "search $answer"
done
