# Security modules, and what else may deny what the mode bits allow.
collect_security() {
  :
}
