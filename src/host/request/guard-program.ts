import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const SCRIPTS = new URL('../scripts/', import.meta.url);

const PARTS = [
  'frame.sh',
  'section.sh',
  'unseen.sh',
  'identity.sh',
  'request.sh',
  'plan-document.sh',
  'view.sh',
  'walk.sh',
  'registry-config.sh',
  'registry-process.sh',
  'http.sh',
  'service.sh',
  'used-paths.sh',
  'look.sh',
  'examine.sh',
  'host-places.sh',
  'acl.sh',
  'attributes.sh',
  'user-namespace.sh',
  'try-as.sh',
  'try-way.sh',
  'tries.sh',
  'service-state.sh',
  'disk-and-mounts.sh',
  'security.sh',
  'tree-list.sh',
  'storage-contents.sh',
  'image-links.sh',
  'registry-logs.sh',
  'host-history.sh',
  'probe.sh',
  'ask.sh',
  'try-root.sh',
  'step.sh',
  'acl-step.sh',
  'tree-step.sh',
  'forbidden.sh',
  'permitted.sh',
  'links.sh',
  'related.sh',
  'file-step.sh',
  'risk.sh',
  'claim.sh',
  'signature.sh',
  'undo.sh',
  'outcome-record.sh',
  'settle.sh',
  'apply.sh',
  'take-back.sh',
  'outcome.sh',
  'guard.sh',
] as const;

/** Programs in another language, or for another shell, that the guard hands on: variable name → file. */
const PROGRAMS = {
  config_awk: 'registry-config.awk',
  mounts_awk: 'mounts.awk',
  escape_path_awk: 'escape-path.awk',
  host_places_awk: 'host-places.awk',
  try_child: 'try-child.sh',
  logs_awk: 'registry-logs.awk',
  history_awk: 'host-history.awk',
  contents_awk: 'storage-contents.awk',
  mounts_below_awk: 'mounts-below.awk',
  inner_mounts_awk: 'inner-mounts.awk',
  closed_awk: 'closed-directories.awk',
  links_awk: 'image-links.awk',
  fstab_awk: 'fstab.awk',
  device_names_awk: 'device-names.awk',
  units_awk: 'mount-units.awk',
  resets_awk: 'resets.awk',
  tree_awk: 'tree-entry.awk',
} as const;

/**
 * The guard: all that runs on a host, one POSIX sh program that takes one request. It is the same bytes wherever it runs, installed or
 * over standard input; no data is ever part of it. It stands in braces: a shell runs nothing of it before it has read the last one, so
 * that a program cut by a dying connection does nothing.
 */
export const GUARD_PROGRAM: string = [
  '#!/bin/sh',
  '{',
  script('setup.sh'),
  ...Object.entries(PROGRAMS).map(
    ([name, file]) => `# shellcheck disable=SC2016\n${name}=${singleQuoted(script(file))}`,
  ),
  ...PARTS.map(script),
  'guard_main "$@"',
  'exit 0',
  '}',
  '',
].join('\n');

/** SHA-256 of the program as it is installed, 64 hex digits: what `sha256sum` says on the host. */
export const GUARD_DIGEST: string = createHash('sha256').update(GUARD_PROGRAM).digest('hex');

function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function script(file: string): string {
  return readFileSync(new URL(file, SCRIPTS), 'utf8');
}
