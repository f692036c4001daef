# What every script starts with: one locale, one PATH, no file that others may read, no pathname expansion.
# LC_ALL=C makes messages comparable and lets the shell take a name's bytes as they are.
LC_ALL=C
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
unset CDPATH ENV BASH_ENV 2>/dev/null
umask 077
set -f
newline='
'
IFS=" 	$newline"
