import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const SCRIPTS = new URL('../scripts/', import.meta.url);

const PARTS = [
  'lib/frame.sh',
  'lib/section.sh',
  'lib/explain-unseen.sh',
  'lib/identity.sh',
  'plan/request.sh',
  'plan/plan-document.sh',
  'lib/view.sh',
  'lib/walk.sh',
  'lib/registry-config.sh',
  'lib/registry-process.sh',
  'lib/http.sh',
  'probe/service.sh',
  'probe/used-paths.sh',
  'probe/look.sh',
  'probe/examine.sh',
  'probe/host-places.sh',
  'lib/acl.sh',
  'lib/attributes.sh',
  'lib/user-namespace.sh',
  'lib/try-as.sh',
  'lib/try-path.sh',
  'probe/tries.sh',
  'probe/service-state.sh',
  'probe/disk-and-mounts.sh',
  'probe/security.sh',
  'apply/tree-list.sh',
  'probe/storage-contents.sh',
  'probe/image-links.sh',
  'probe/registry-logs.sh',
  'probe/host-history.sh',
  'probe/probe.sh',
  'probe/ask.sh',
  'plan/try-root.sh',
  'apply/step.sh',
  'apply/acl-step.sh',
  'apply/tree-step.sh',
  'plan/forbidden.sh',
  'plan/permitted.sh',
  'plan/links.sh',
  'plan/related.sh',
  'apply/file-step.sh',
  'plan/risk.sh',
  'plan/claim.sh',
  'plan/signature.sh',
  'apply/undo.sh',
  'apply/outcome-record.sh',
  'apply/settle.sh',
  'apply/apply.sh',
  'apply/take-back.sh',
  'apply/outcome.sh',
  'apply/held-plans.sh',
  'apply/guard.sh',
] as const;

/** Programs in another language, or for another shell, that the guard runs: variable name → file. */
const PROGRAMS = {
  config_awk: 'awk/registry-config.awk',
  mounts_awk: 'awk/mounts/mounts.awk',
  escape_path_awk: 'awk/escape-path.awk',
  host_places_awk: 'awk/host-places.awk',
  try_child: 'probe/try-child.sh',
  logs_awk: 'awk/registry-logs.awk',
  history_awk: 'awk/host-history.awk',
  contents_awk: 'awk/storage-contents.awk',
  decode_path_awk: 'awk/decode-path.awk',
  mounts_below_awk: 'awk/mounts/mounts-below.awk',
  inner_mounts_awk: 'awk/mounts/inner-mounts.awk',
  closed_awk: 'awk/closed-directories.awk',
  links_awk: 'awk/image-links.awk',
  fstab_awk: 'awk/mounts/fstab.awk',
  device_names_awk: 'awk/mounts/device-names.awk',
  units_awk: 'awk/mounts/mount-units.awk',
  resets_awk: 'awk/resets.awk',
  tree_awk: 'awk/tree-entry.awk',
} as const;

/**
 * The guard: everything that runs on a host, one POSIX sh program that takes one request. It has the same bytes
 * wherever it runs, installed or over standard input. No data is ever part of it. Braces enclose it: a shell runs
 * nothing of it before it has read the last one, so a program cut by a lost connection does nothing.
 */
export const GUARD_PROGRAM: string = [
  '#!/bin/sh',
  '{',
  script('lib/setup.sh'),
  ...Object.entries(PROGRAMS).map(
    ([name, file]) => `# shellcheck disable=SC2016\n${name}=${singleQuoted(script(file))}`,
  ),
  ...PARTS.map(script),
  'guard_main "$@"',
  'exit 0',
  '}',
  '',
].join('\n');

/** SHA-256 of the program as installed, 64 hex digits, as `sha256sum` prints on the host. */
export const GUARD_DIGEST: string = createHash('sha256').update(GUARD_PROGRAM).digest('hex');

function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function script(file: string): string {
  return readFileSync(new URL(file, SCRIPTS), 'utf8');
}
