# What a step does to its directory's ACL. step_acl is the complete access ACL in the plan, on one line in getfacl(1)'s
# format with numeric ids. It is empty if the step does not depend on an ACL.
read_pinned_acl() { pinned_acl=$(acl_of_pinned); }

acl_of_pinned() {
  split_lines "$(getfacl -a -n -p -c -E -- /proc/self/fd/3 2>/dev/null)"
  acl_line=''
  for entry in $lines; do acl_line=$acl_line,$entry; done
  join_words
  printf %s "${acl_line#,}"
}

has_acl_tools() {
  if command -v getfacl >/dev/null && command -v setfacl >/dev/null; then return 0; fi
  why='no-acl-tools'
  return 1
}

# Sets the whole ACL at once instead of adding entries, so that an earlier ACL is restored exactly. Default entries are
# not changed.
set_acl() { setfacl -n --set "$1" -- /proc/self/fd/3; }

# Whether the change of an ACL is allowed: only the service's own entry and the mask can differ. The access of all other
# accounts must stay the same, and no entry can be added or removed.
is_allowed_acl() {
  if ! is_plain_acl; then why='not-an-acl'; return 1; fi
  if is_tree || [ "$step_from" != "$step_acl" ] || [ "$step_from" = "$step_to" ]; then why='step-contradicts-itself'; return 1; fi
  split_commas "$step_to"
  for entry in $split; do
    case ${entry%:*} in "user:$tried_uid" | mask:) continue ;; esac
    if [ -z "$(letters_of "${entry%:*}" "$step_from")" ]; then why='acl-entry-added'; return 1; fi
    is_as_before "${entry%:*}" || return
  done
  split_commas "$step_from"
  for entry in $split; do
    [ -n "$(letters_of "${entry%:*}" "$step_to")" ] || { why='acl-entry-removed'; return 1; }
  done
  if would_wake "$step_from" "$step_to"; then why='acl-entries-wake'; return 1; fi
  if would_wake "$step_to" "$step_from"; then why='acl-entries-sleep'; return 1; fi
}

is_as_before() {
  for letter in r w x; do
    if may "$1" "$letter" "$step_from"; then
      may "$1" "$letter" "$step_to" || { why='others-lose'; return 1; }
    elif may "$1" "$letter" "$step_to"; then why='others-gain'; return 1
    fi
  done
}

# Whether the change from $1 to $2 would activate named entries. With an empty mask a named account counts as other
# (acl_permission_check() in fs/namei.c).
would_wake() {
  [ "$(letters_of mask: "$1")" = --- ] && [ "$(letters_of mask: "$2")" != --- ] && [ "$(letters_of other: "$1")" != --- ] || return 1
  split_commas "$step_from"
  for entry in $split; do
    case $entry in "user:$tried_uid:"*) ;; user:[0-9]* | group:[0-9]*) return 0 ;; esac
  done
  return 1
}

# Whether $1 is written exactly as getfacl prints an ACL, each entry once. setfacl accepts more: "other::7" opens
# everything and has no letter w.
is_plain_acl() {
  entries=' '
  split_commas "$step_to"
  for entry in $split; do
    is_plain_entry "$entry" || return 1
    case $entries in *" ${entry%:*} "*) return 1 ;; esac
    entries="$entries${entry%:*} "
  done
}

is_plain_entry() {
  entry_tag=${1%%:*} entry_letters=${1##*:}
  entry_id=${1#"$entry_tag:"} entry_id=${entry_id%":$entry_letters"}
  case $entry_letters in [r-][w-][x-]) ;; *) return 1 ;; esac
  case $entry_tag in
    user | group) [ -z "$entry_id" ] || is_number "$entry_id" ;;
    mask | other) [ -z "$entry_id" ] ;;
    *) return 1 ;;
  esac
}

# Prints the letters of the entry $1 in the ACL $2, or nothing if it has no such entry.
letters_of() {
  case ,$2, in *",$1:"*) ;; *) return ;; esac
  letters=,$2,
  letters=${letters#*",$1:"}
  printf %s "${letters%%,*}"
}

# Whether the entry $1 in the ACL $3 allows $2. The mask limits every entry except the owner's and that of others
# (acl(5)).
may() {
  case $(letters_of "$1" "$3") in *"$2"*) ;; *) return 1 ;; esac
  case $1 in user: | other:) return 0 ;; esac
  case $(letters_of mask: "$3") in '' | *"$2"*) ;; *) return 1 ;; esac
}
