# The beginning of every script. Nothing of the environment counts, here and in all programs that run from here: its
# maker (sudo, PAM, sshd, the image of a container) can name other files, options, programs and libraries. Then one
# locale, one PATH, no files readable by others, no pathname expansion, and a home that can't hold a start-up file.
# LC_ALL=C makes messages comparable and lets the shell take the bytes of a name literally.
set -f +aCemuvx

# bash takes functions and options out of its environment before it reads a line, also as sh (bash(1), BASH_FUNC,
# SHELLOPTS, BASHOPTS). A function outranks all commands except special built-ins (POSIX, 2.9.1), so nothing else comes
# before this. Every word of the output is unset, including the names.
case ${BASH_VERSION-} in ?*)
  # shellcheck disable=SC3045
  for word in $(export -pf 2>/dev/null); do unset -f -- "$word"; done
  command set +kEHPT +o pipefail 2>/dev/null
  # shellcheck disable=SC3044
  shopt -u extglob failglob inherit_errexit lastpipe localvar_inherit nocaseglob nocasematch nullglob xpg_echo 2>/dev/null
  # shellcheck disable=SC3045
  command export -n SHELLOPTS BASHOPTS 2>/dev/null ;;
esac

IFS='
'
# Word splitting is wanted: a line for each, and continued lines, which can only remove more.
for line in $(export -p); do
  case $line in 'export '*) name=${line#export } ;; 'declare -'*) name=${line#declare -* } ;; *) continue ;; esac
  name=${name%%=*}
  case $name in HOME | [0-9]* | '' | *[!A-Za-z0-9_]*) continue ;; esac
  # shellcheck disable=SC3045
  command unset -v "$name" 2>/dev/null || command export -n "$name" 2>/dev/null
done

login_home=${HOME-}
HOME=/dev/null
LC_ALL=C
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export HOME LC_ALL PATH
umask 077
newline='
'
IFS=" 	$newline"
