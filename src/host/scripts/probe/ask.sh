# Sends the registry the two health requests, and nothing else.
ask_main() {
  begin ask
  if [ -z "$set_url" ] || [ -z "$set_debug_url" ]; then
    find_registry
  fi
  find_urls
  report_urls
  if [ -n "$v2_network$health_network" ]; then emit network own; else emit network host; fi
  emit sections "$(ask_both)"
  finish
}
