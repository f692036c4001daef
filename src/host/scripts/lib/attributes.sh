# Reports the attributes of all directories (chattr(1)) with one lsattr: the view's own path, then for each directory
# that can be read a line with its letters and its name. Names can contain newlines; the parser knows which names to
# expect.
report_attributes() {
  if ! command -v lsattr >/dev/null; then unknown attributes 'missing-on-host lsattr'; return; fi
  for node; do
    shift
    set -- "$@" "$view$node"
  done
  known attributes "$view$newline$(lsattr -d -- "$@" 2>/dev/null; echo .)"
}
