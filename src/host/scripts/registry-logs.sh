# The end of the registry's own logs.
collect_registry_logs() {
  :
}
