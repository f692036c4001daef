# Asks the registry how it is, and nothing else.
main() {
  begin ask
  if [ -z "$set_url" ] || [ -z "$set_debug_url" ]; then
    read_config
    find_process
    read_overrides
  fi
  find_urls
  report_urls
  emit sections "$(ask_both)"
  finish
}
