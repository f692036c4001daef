# What the host's own records say of the time around the fault.
collect_host_history() {
  :
}
