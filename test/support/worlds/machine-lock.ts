/**
 * The words before a command that relies on fs.protected_symlinks, or sets it. That is one switch for the whole
 * machine, so only one such command runs at a time.
 */
export const ALONE_WITH_LINK_PROTECTION = ['flock', '/proc/sys/fs/protected_symlinks'];
