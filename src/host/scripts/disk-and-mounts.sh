# Room on the storage's filesystem, and what the host is set up to mount.
collect_disk_and_mounts() {
  :
}
