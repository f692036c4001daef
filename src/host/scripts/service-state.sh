# How the service is kept running, who listens on its port, and what its tokens are checked with.
collect_service_state() {
  :
}
