# Runs as the tried identity: sh -c THIS sh ROOT NUMBER PASSED... DIRECTORY... . Prints who it is, then whether it may pass
# through each DIRECTORY, and what it may do with ROOT (when not empty): nothing, unless it may pass through the NUMBER of
# directories that the way to ROOT leads through. Creates and changes nothing.
set -f
root=$1 passed=$2
shift 2

# May DIRECTORY/. be looked up? The kernel asks for search permission on DIRECTORY itself (path_resolution(7)).
judge() {
  if [ -e "$1" ]; then answer=allowed; else classify "$(stat -L -- "$1" 2>&1 >/dev/null)"; fi
}

classify() {
  case ${1##*: } in
    'Permission denied') answer=denied ;;
    '') answer='failed it changed while it was looked at' ;;
    *) answer="failed ${1##*: }" ;;
  esac
}

judge_list() {
  if [ "$stat_answer" != allowed ]; then answer=$stat_answer
  elif [ ! -d "$root" ]; then answer='failed Not a directory'
  elif { true <"$root"; } 2>/dev/null; then answer=allowed
  else classify "$({ true <"$root"; } 2>&1)"
  fi
}

# busybox judges -w by the mode bits alone, so its answer is not the kernel's.
judge_create() {
  if [ "$stat_answer" != allowed ]; then answer=$stat_answer
  elif [ ! -d "$root" ]; then answer='failed Not a directory'
  elif [ /proc/self/exe -ef /bin/busybox ] || [ /proc/self/exe -ef /usr/bin/busybox ]; then
    answer="unknown this host's shell does not ask the kernel"
  elif [ -w "$root" ] && [ -x "$root" ]; then answer=allowed
  else answer=denied
  fi
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

way=allowed
while [ "$passed" -gt 0 ]; do
  if [ "$way" = allowed ]; then
    judge "$1/."
    way=$answer
  fi
  passed=$((passed - 1))
  shift
done

for directory; do
  judge "$directory/."
  echo "search $answer"
done

[ -n "$root" ] || exit 0
judge "$root"
[ "$way" = allowed ] || answer=$way
stat_answer=$answer
echo "stat $answer"
judge_list
echo "list $answer"
judge_create
echo "create $answer"
