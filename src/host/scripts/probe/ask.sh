# Only asks the registry for its health.
ask_main() {
  begin ask
  if [ -z "$set_url" ] || [ -z "$set_debug_url" ]; then
    find_registry
  fi
  find_urls
  report_urls
  emit sections "$(ask_both)"
  finish
}
