# What lies below the storage root, and what the registry lists of it.
collect_storage_contents() {
  :
}
