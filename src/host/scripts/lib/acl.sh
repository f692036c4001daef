# Reports the ACLs of all paths with one getfacl: a block of lines for each, in the given order, with an empty line
# after it. Without getfacl, GNU ls shows whether any of them has an ACL: a "+" after the mode.
report_acls() {
  if command -v setfacl >/dev/null && command -v getfacl >/dev/null; then emit acl-tools yes; else emit acl-tools no; fi
  if command -v getfacl >/dev/null; then
    known acls "$(getfacl -n -p -c -E -- "$@" 2>/dev/null; echo .)"
    return
  fi
  case $(ls --version 2>/dev/null) in
    *'GNU coreutils'*) ;;
    *) unknown acls 'missing-on-host getfacl'; return ;;
  esac
  case $newline$(ls -ldnb -- "$@" 2>/dev/null) in
    *"$newline"??????????+*) unknown acls acls-without-getfacl ;;
    *) emit acls-none '' ;;
  esac
}
