import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * The words before a command that leans on fs.protected_symlinks, or sets it: that is one switch for the whole machine, so that
 * one of them runs at a time.
 */
export const ALONE_WITH_LINK_PROTECTION = ['flock', join(tmpdir(), 'registry-doctor-link-protection.lock')];
