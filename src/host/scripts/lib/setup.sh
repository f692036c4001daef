# What every script starts with. Nothing of the environment counts, here and in all that is run from here: whatever made it (sudo, PAM,
# sshd, the image of a container) may name other files, options, programs and libraries. Then one locale, one PATH, no file that others
# may read, no pathname expansion, and for a home what no start-up file can be in. LC_ALL=C makes messages comparable and lets the shell
# take a name's bytes as they are.
set -f +aCemuvx

# bash takes functions and options out of its environment before it reads a line, as sh too (bash(1), BASH_FUNC, SHELLOPTS, BASHOPTS). A
# function stands before all commands but the special built-ins (POSIX, 2.9.1): so nothing else comes before this. Every word of what it
# prints is forgotten, the names among them.
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
# Word splitting is wanted: a line for each, and what goes on from the line before, which may only take away more.
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
