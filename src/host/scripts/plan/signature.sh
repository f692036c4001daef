# Checks whose plans are applied. Next to the installed guard are allowed_signers, with the bot's key, and, if people
# have to sign high-risk plans, approver_signers (ssh-keygen(1), ALLOWED SIGNERS). Over standard input nothing is
# checked, because the sender of the program is root anyway.
report_beside() {
  state=absent
  if [ "$guard_way" = installed ] && [ -e "$guard_directory/$2" ]; then
    state=good
    is_trusted "$guard_directory/$2" || state='open to others'
    command -v ssh-keygen >/dev/null || state='no ssh-keygen'
  fi
  emit "$1" "$state"
}

# Whether the bot signed exactly the parsed document.
is_signed() {
  [ "$guard_way" = installed ] || return 0
  if [ -z "$plan_signature" ]; then why='not-signed'; return 1; fi
  is_trusted "$guard_directory/allowed_signers" || return 1
  is_signed_by allowed_signers registry-doctor-plan "$plan_signature" && [ "$signer" = registry-doctor ] && return 0
  why=${why:-unknown-signer}
  return 1
}

# Whether a high-risk plan has a person's signature as well, if the host has approver_signers. The risk is rated here.
is_approved() {
  signer=''
  [ "$guard_way" = installed ] && [ -e "$guard_directory/approver_signers" ] || return 0
  [ "$judged_risk" = high ] || return 0
  is_trusted "$guard_directory/approver_signers" || return 1
  if [ -z "$plan_approval" ]; then why='approval-missing'; return 1; fi
  is_signed_by_approver && return 0
  why=${why:-unknown-approver}
  return 1
}

# Whether one of the signatures is by a signer whom this host knows.
is_signed_by_approver() {
  why=''
  split_lines "$plan_approval"
  # Word splitting is wanted: the lines.
  # shellcheck disable=SC2086
  { set -- $lines; join_words; }
  one_approval=''
  for line; do
    one_approval=$one_approval$line$newline
    [ "$line" = '-----END SSH SIGNATURE-----' ] || continue
    ! is_signed_by approver_signers registry-doctor-approval "$one_approval" || return 0
    one_approval=''
  done
  return 1
}

# is_signed_by FILE NAMESPACE SIGNATURE: checks a signature. Sets signer to the principal, and why only if nothing could
# be checked.
is_signed_by() {
  why='' signer=''
  command -v ssh-keygen >/dev/null || { why='no-ssh-keygen'; return 1; }
  signers=$guard_directory/$1
  # No signature is written down, so that a full disk keeps no question about a plan from its answer.
  found=$(printf %s "$3" | ssh-keygen -Y find-principals -s /proc/self/fd/0 -f "$signers" 2>/dev/null)
  found=${found%%"$newline"*}
  # A pattern names no person.
  case $found in *[*?!]*) found='' ;; esac
  [ -n "$found" ] && printf %s "$3" | is_text_signed "$2" || return 1
  signer=$found
}

# Whether standard input is a signature over the plan's text. ssh-keygen takes the text from standard input, so the signature gets
# a descriptor of its own.
is_text_signed() {
  {
    printf %s "$plan_text" |
      ssh-keygen -Y verify -f "$signers" -I "$found" -n "$1" -s /proc/self/fd/3 >/dev/null 2>&1
  } 3<&0
}
