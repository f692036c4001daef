# The output format: fields of "NUMBER KEY", NUL, VALUE, NUL. Numbers count from 0 without a gap, and the last field
# has the count. So a cut, doubled or reordered output can't pass as complete.
field_number=0

emit() {
  printf '%s %s\0%s\0' "$field_number" "$1" "$2"
  field_number=$((field_number + 1))
}

begin() { emit "registry-doctor/1 $1" "$nonce"; }
finish() { emit end "$nonce $field_number"; }

known() { emit "$1=known" "$2"; }
absent() { emit "$1=absent" ''; }
unknown() { emit "$1=unknown" "$2"; }
