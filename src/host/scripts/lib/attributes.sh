# The attributes of all directories (chattr(1)) with one lsattr: after the view's own path, a line of letters and the
# directory's name for each that can be read. Names can contain newlines. The reader knows them all.
report_attributes() {
  if ! command -v lsattr >/dev/null; then unknown attributes 'missing-on-host lsattr'; return; fi
  for node; do
    shift
    set -- "$@" "$view$node"
  done
  known attributes "$view$newline$(lsattr -d -- "$@" 2>/dev/null; echo .)"
}
