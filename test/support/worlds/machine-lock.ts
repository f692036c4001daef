/**
 * The words before a command that leans on fs.protected_symlinks, or sets it: that is one switch for the whole machine, so that
 * one of them runs at a time.
 */
export const ALONE_WITH_LINK_PROTECTION = ['flock', '/proc/sys/fs/protected_symlinks'];
