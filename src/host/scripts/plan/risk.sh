# Rates the plan's risk here, whatever the plan says (the same rule as src/diagnosis/plan/risk.ts). Low risk is search
# permission on a directory, added to a mode or to an ACL that does not name the service.
judge_risk() {
  judged_risk=low number=1
  while [ "$number" -le "$step_count" ]; do
    load_step "$number"
    adds_only_search || judged_risk=high
    number=$((number + 1))
  done
}

adds_only_search() {
  if is_tree || is_file_step; then return 1; fi
  case $step_action in
    # If write permission exists already, search permission makes it effective. An owner can do that without help
    # (chmod(2)).
    chmod) [ $((0$step_from & ~0$step_to)) = 0 ] && [ $((0$step_to & ~0$step_from & ~(0100 | ~0$step_from >> 1 & 0111))) = 0 ] ;;
    setfacl) gains_only_search ;;
    *) return 1 ;;
  esac
}

gains_only_search() {
  ! service_may x "$step_from" && service_may x "$step_to" && ! service_may w "$step_from" && ! is_denied_by_name || return 1
  for letter in r w; do
    if service_may "$letter" "$step_from"; then service_may "$letter" "$step_to" || return 1
    else ! service_may "$letter" "$step_to" && ! has_new_letter "user:$tried_uid" && ! has_new_letter mask: || return 1
    fi
  done
}

# Whether an entry gets a new letter. It counts even if the mask hides it now, because the mask might be changed.
has_new_letter() {
  case $(limit_of "$1" "$step_to") in *"$letter"*) ;; *) return 1 ;; esac
  case $(limit_of "$1" "$step_from") in *"$letter"*) return 1 ;; esac
}

# Prints the mask, or the group's entry, which limits the others if there is no mask.
limit_of() {
  limit=$(letters_of "$1" "$2")
  if [ "$1$limit" = mask: ]; then letters_of group: "$2"; else printf %s "$limit"; fi
}

# Whether the service is allowed $1, as acl(5) decides for an identity that is not the owner: by its own entry,
# otherwise by any of its groups', otherwise by that of others.
service_may() {
  if has_open_mask "$2" && [ -n "$(letters_of "user:$tried_uid" "$2")" ]; then may "user:$tried_uid" "$1" "$2"; return; fi
  in_group=''
  for group in $tried_gid $tried_groups; do
    if [ "$group" = "$step_gid" ]; then in_group=yes; ! may group: "$1" "$2" || return 0; fi
    if has_open_mask "$2" && [ -n "$(letters_of "group:$group" "$2")" ]; then
      in_group=yes
      ! may "group:$group" "$1" "$2" || return 0
    fi
  done
  [ -z "$in_group" ] && may other: "$1" "$2"
}

# With an empty mask the kernel ignores named entries (acl_permission_check() in fs/namei.c).
has_open_mask() { case $(letters_of mask: "$1") in '' | ---) return 1 ;; esac; }

# Whether an entry names the service or one of its groups and does not have what the step gives.
is_denied_by_name() {
  if lacks_search "user:$tried_uid"; then return 0; fi
  for group in $tried_gid $tried_groups; do
    if lacks_search "group:$group"; then return 0; fi
  done
  return 1
}

lacks_search() {
  case $(letters_of "$1" "$step_from") in '' | *x*) return 1 ;; esac
}
