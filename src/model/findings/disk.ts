/** What can be wrong with the filesystem that holds the storage, or with the way it is mounted. */
export const DISK_FINDINGS = [] as const;
