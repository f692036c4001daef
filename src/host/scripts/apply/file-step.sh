# What a step does to a file, such as a key, an htpasswd file or a config. The file can only get read permission, and
# its owner and group never change.
is_allowed_on_file() {
  case $step_action in
    chmod) is_allowed_file_mode ;;
    setfacl) is_allowed_acl && is_allowed_file_acl ;;
    *) why='file-owner'; return 1 ;;
  esac
}

is_allowed_file_mode() {
  case $step_from$step_to in
    0[0-7][0-7][0-7]0[0-7][0-7][0-7]) ;;
    *) why='special-bits'; return 1 ;;
  esac
  if [ "$step_from" != "$step_mode" ] || [ "$step_from" = "$step_to" ]; then why='step-contradicts-itself'; return 1; fi
  if [ $((0$step_from & ~0$step_to)) != 0 ]; then why='file-rights-lost'; return 1; fi
  if [ $((0$step_to & ~0$step_from & ~0444)) != 0 ]; then gives_too_much; return 1; fi
}

gives_too_much() { why='file-rights-gained'; }

# An entry must not get more than read permission, even if the mask hides it now.
is_allowed_file_acl() {
  for letter in w x; do
    if has_new_letter "user:$tried_uid" || has_new_letter mask:; then gives_too_much; return 1; fi
  done
}

# Whether descriptor 3 is a regular file with only one name. A second name might be in a place where access is denied on
# purpose.
is_plain_file() {
  if [ ! -f /proc/self/fd/3 ]; then why='not-a-file'; return 1; fi
  case $(stat -L -c '%h:%a' /proc/self/fd/3) in
    1:? | 1:?? | 1:???) ;;
    1:*) why='file-special-bits'; return 1 ;;
    *) why='file-many-names'; return 1 ;;
  esac
  if ! has_protected_hardlinks; then why='file-hardlinks-unprotected'; return 1; fi
  # The directory can be a protected one under another path, for example by a bind mount.
  if is_protected_inode "${step_path%/*}/."; then why='protected-directory'; return 1; fi
}

# Whether the file is at the end of a path that the service has to be able to use. If it is, the plan also says whether
# it is secret, which decides who can read it.
is_related_file() {
  file_secret='' file_read=''
  also_number=1
  while [ "$also_number" -le "$also_count" ]; do
    load_also "$also_number"
    eval "also_inode=\$also_${also_number}_inode"
    if [ "$also_inode" = "$pinned_inode" ] && [ "$also_use" != directory ]; then
      file_secret=$file_secret$also_secret
      [ "$also_use" != read ] || file_read=yes
    fi
    also_number=$((also_number + 1))
  done
  if [ -z "$file_secret" ]; then why='file-not-named'; return 1; fi
  [ "$step_action" != chmod ] || is_allowed_reader
}

# Whether this class can get read permission: everyone if the file is not secret, otherwise only the service's own
# group, unless a mask excludes it.
is_allowed_reader() {
  file_gains=$((0$step_to & ~0$step_from))
  if [ $((file_gains & 04)) != 0 ]; then
    case $file_read$file_secret in *1* | 0*) why=${file_secret_why:-secret-opened}; return 1 ;; esac
  fi
  [ $((file_gains & 040)) != 0 ] || return 0
  case ,$step_acl in *,mask:*) why='file-acl-mask'; return 1 ;; esac
  case $file_secret:$step_to in *1*:* | *:???[0-3]) ;; *) return 0 ;; esac
  case " $tried_gid $tried_groups " in *" $step_gid "*) ;; *) why='file-foreign-group'; return 1 ;; esac
}
