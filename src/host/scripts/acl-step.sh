# What of a step concerns the ACL of its directory: step_acl is the whole access ACL that the plan found, as one line in the form
# of getfacl(1) with numeric ids; empty where the step does not depend on it.
read_pinned_acl() {
  pinned_acl=$(getfacl -a -n -p -c -E -- /proc/self/fd/3 2>/dev/null | sed '/^$/d' | tr '\n' ',')
  pinned_acl=${pinned_acl%,}
}

has_acl_tools() {
  if command -v getfacl >/dev/null && command -v setfacl >/dev/null; then return 0; fi
  why='no getfacl and setfacl on this host'
  return 1
}

# The whole ACL at once and nothing made up beside it: what was before comes back exactly. Default entries are not touched.
set_acl() { setfacl -n --set "$1" -- /proc/self/fd/3; }

# The service's own entry may gain, and the mask; nobody else may do anything more than before, and no entry goes.
is_allowed_acl() {
  case $step_from,$step_to in *[!a-z0-9:,-]*) why='not an ACL'; return 1 ;; esac
  if [ "$step_from" != "$step_acl" ] || [ "$step_from" = "$step_to" ]; then why='a step contradicts itself'; return 1; fi
  for entry in $(one_a_line "$step_to"); do
    case ${entry%:*} in "user:$tried_uid" | mask:) continue ;; esac
    is_no_gain "${entry%:*}" || { why='somebody else than the service would gain by it'; return 1; }
  done
  for entry in $(one_a_line "$step_from"); do
    [ -n "$(letters_of "${entry%:*}" "$step_to")" ] || { why='an entry of the ACL would go'; return 1; }
  done
}

one_a_line() { printf '%s\n' "$1" | tr ',' '\n'; }

# The letters of the entry $1 in the ACL $2; nothing when it has no such entry.
letters_of() {
  case ,$2, in *",$1:"*) ;; *) return ;; esac
  letters=,$2,
  letters=${letters#*",$1:"}
  printf %s "${letters%%,*}"
}

is_no_gain() {
  for letter in r w x; do
    if may "$1" "$letter" "$step_to" && ! may "$1" "$letter" "$step_from"; then return 1; fi
  done
}

# Does the entry $1 allow $2 in the ACL $3? The mask limits all but the owner's entry and that of others (acl(5)).
may() {
  case $(letters_of "$1" "$3") in *"$2"*) ;; *) return 1 ;; esac
  case $1 in user: | other:) return 0 ;; esac
  case $(letters_of mask: "$3") in '' | *"$2"*) ;; *) return 1 ;; esac
}
