import type { Way } from './row.ts';

/**
 * What the product has to say on the hosts where not the whole flow works, as `summaryOf` tells it: by the row's id. Each
 * was read and found right before it was written here.
 */
export const EXPECTED: Readonly<Record<string, { readonly [Each in Way]?: string }>> = {
  'rhel-7-options': {
    trial: 'faulty: untraversable-ancestor → applied → healthy → undone → faulty',
    installed: 'faulty: untraversable-ancestor → applied → healthy → undone → faulty',
  },
  'sh-mksh': {
    trial:
      'faulty: untraversable-ancestor → refused: /bin/sh on this host closes its open files when it runs a program, as mksh does → outcome never-started; check: guard failed',
    installed:
      'faulty: untraversable-ancestor → refused: /bin/sh on this host closes its open files when it runs a program, as mksh does → outcome never-started; check: guard failed',
  },
  'no-awk': {
    trial: 'inconclusive: guard-refused; check: guard failed',
    installed: 'inconclusive: guard-refused; check: guard failed',
  },
  'no-cat': {
    trial: 'inconclusive: guard-refused; check: guard failed',
    installed: 'inconclusive: guard-refused; check: guard failed',
  },
  'no-grep': {
    trial: 'inconclusive: guard-refused; check: guard failed',
    installed: 'inconclusive: guard-refused; check: guard failed',
  },
  'no-head': {
    trial: 'inconclusive: guard-refused; check: guard failed',
    installed: 'inconclusive: guard-refused; check: guard failed',
  },
  'no-readlink': {
    trial: 'inconclusive: guard-refused; check: guard failed',
    installed: 'inconclusive: guard-refused; check: guard failed',
  },
  'no-sha256sum': {
    installed: 'whole; check: guard failed',
  },
  'no-stat': {
    trial: 'inconclusive: guard-refused; check: guard failed',
    installed: 'inconclusive: guard-refused; check: guard failed',
  },
  'no-tr': {
    trial: 'inconclusive: guard-refused; check: guard failed',
    installed: 'inconclusive: guard-refused; check: guard failed',
  },
  'no-bash-curl-wget': {
    trial: 'faulty: untraversable-ancestor (tested) → applied → inconclusive: registry-not-answering → undone → faulty',
    installed:
      'faulty: untraversable-ancestor (tested) → applied → inconclusive: registry-not-answering → undone → faulty',
  },
  'bash-start-file-ends': {
    trial: 'inconclusive: probe-malformed; check: login failed',
    installed: 'inconclusive: probe-malformed; check: guard failed',
  },
  'bash-start-file-reads-its-input': {
    trial: 'inconclusive: probe-malformed; check: login failed',
    installed: 'inconclusive: probe-malformed; check: guard failed',
  },
  'bash-start-file-takes-the-first-line-of-its-input': {
    trial: 'inconclusive: probe-malformed; check: login failed',
    installed: 'inconclusive: probe-malformed; check: guard failed',
  },
  'fish-start-file-reads-its-input': {
    trial: 'inconclusive: probe-malformed; check: login failed',
    installed: 'inconclusive: probe-malformed; check: guard failed',
  },
  'fish-start-file-takes-the-first-line-of-its-input': {
    trial: 'inconclusive: probe-malformed; check: login failed',
    installed: 'inconclusive: probe-malformed; check: guard failed',
  },
  'tcsh-start-file-reads-its-input': {
    trial: 'inconclusive: probe-malformed; check: login failed',
    installed: 'inconclusive: probe-malformed; check: guard failed',
  },
  'tcsh-start-file-takes-the-first-line-of-its-input': {
    trial: 'inconclusive: probe-malformed; check: login failed',
    installed: 'inconclusive: probe-malformed; check: guard failed',
  },
  'zsh-start-file-ends': {
    trial: 'inconclusive: probe-malformed; check: login failed',
    installed: 'inconclusive: probe-malformed; check: guard failed',
  },
  'zsh-start-file-reads-its-input': {
    trial: 'inconclusive: probe-malformed; check: login failed',
    installed: 'inconclusive: probe-malformed; check: guard failed',
  },
  'zsh-start-file-takes-the-first-line-of-its-input': {
    trial: 'inconclusive: probe-malformed; check: login failed',
    installed: 'inconclusive: probe-malformed; check: guard failed',
  },
  rbash: {
    trial: 'inconclusive: probe-malformed; check: login failed',
  },
  nologin: {
    trial: 'inconclusive: probe-malformed; check: login failed',
    installed: 'inconclusive: probe-malformed; check: guard failed',
  },
  'shell-missing': {
    trial: 'inconclusive: authentication-failed; check: login failed',
    installed: 'inconclusive: authentication-failed; check: login failed',
  },
  'sudo-requiretty': {
    trial: 'inconclusive: sudo-refused; check: sudo failed',
    installed: 'inconclusive: sudo-refused; check: sudo failed',
  },
  'sudo-unresolved-refused': {
    trial: 'inconclusive: sudo-refused; check: sudo failed',
    installed: 'inconclusive: guard-mismatch; check: sudo failed',
  },
  'sudo-refused': {
    trial: 'inconclusive: sudo-refused; check: sudo failed',
    installed: 'inconclusive: guard-mismatch; check: sudo failed',
  },
  'sudo-refused-noisy': {
    trial: 'inconclusive: sudo-refused; check: sudo failed',
    installed: 'inconclusive: guard-mismatch; check: sudo failed',
  },
  'no-sudo': {
    trial: 'inconclusive: sudo-refused; check: sudo failed',
    installed: 'inconclusive: sudo-refused; check: sudo failed',
  },
  'without-sudo': {
    trial:
      'faulty: untraversable-ancestor → refused: the service’s access can’t be tested: not permitted: the login that runs this is not root',
    installed: 'inconclusive: sudo-refused; check: sudo failed',
  },
  doas: {
    trial: 'inconclusive: sudo-refused; check: sudo failed',
    installed: 'inconclusive: sudo-refused; check: sudo failed',
  },
  'sudo-rs': {
    trial: 'inconclusive: sudo-refused; check: sudo failed',
  },
  tinyssh: {
    trial: 'inconclusive: authentication-failed; check: login failed',
    installed: 'inconclusive: authentication-failed; check: login failed',
  },
  'tinyssh-bare-keys': {
    installed: 'whole; check: forced-command failed',
  },
  'banner-large': {
    trial: 'inconclusive: host-unreachable; check: reach failed',
    installed: 'inconclusive: host-unreachable; check: reach failed',
  },
  'hybrid-only': {
    trial: 'inconclusive: host-unreachable; check: reach failed',
    installed: 'inconclusive: host-unreachable; check: reach failed',
  },
  'force-command': {
    trial: 'inconclusive: probe-malformed; check: login failed',
    installed: 'inconclusive: probe-malformed; check: guard failed',
  },
  'hidepid-without-sudo': {
    trial: 'faulty: untraversable-ancestor',
  },
  'record-full': {
    trial:
      'faulty: untraversable-ancestor (tested) → refused: no room is left on the filesystem of /var/lib/registry-doctor/plans, where the guard records each plan → outcome never-started; check: guard failed',
    installed:
      'faulty: untraversable-ancestor (tested) → refused: no room is left on the filesystem of /var/lib/registry-doctor/plans, where the guard records each plan → outcome never-started; check: guard failed',
  },
  'two-registries-unnamed': {
    trial: 'inconclusive: storage-root-unknown',
    installed: 'inconclusive: storage-root-unknown',
  },
  'hostile-shell': {
    trial: 'inconclusive: probe-malformed; check: login failed',
    installed: 'inconclusive: probe-malformed; check: guard failed',
  },
  'sudo-swaps': {
    trial: 'faulty: registry-unwell',
    installed: 'faulty: registry-unwell; check: forced-command failed',
  },
  'sudo-cuts': {
    trial: 'inconclusive: probe-malformed',
    installed: 'inconclusive: probe-malformed; check: forced-command failed',
  },
  'sudo-adds': {
    trial: 'inconclusive: probe-malformed',
    installed: 'inconclusive: probe-malformed; check: guard failed',
  },
  'busybox-flock': {
    trial:
      'faulty: untraversable-ancestor → refused: the service’s access can’t be tested: setpriv on this host can’t run a test as another user (the one of util-linux can); check: guard failed',
    installed:
      'faulty: untraversable-ancestor → refused: the service’s access can’t be tested: setpriv on this host can’t run a test as another user (the one of util-linux can); check: guard failed',
  },
  'busybox-1.30': {
    trial:
      'faulty: untraversable-ancestor → refused: no flock on this host → outcome never-started; check: guard failed',
    installed:
      'faulty: untraversable-ancestor → refused: no flock on this host → outcome never-started; check: guard failed',
  },
  'busybox-1.35': {
    trial:
      'faulty: untraversable-ancestor → refused: no flock on this host → outcome never-started; check: guard failed',
    installed:
      'faulty: untraversable-ancestor → refused: no flock on this host → outcome never-started; check: guard failed',
  },
  'busybox-1.37': {
    trial:
      'faulty: untraversable-ancestor → refused: no flock on this host → outcome never-started; check: guard failed',
    installed:
      'faulty: untraversable-ancestor → refused: no flock on this host → outcome never-started; check: guard failed',
  },
  'no-chmod': {
    trial:
      'faulty: untraversable-ancestor (tested) → not-accepted: the guard on the host accepts nothing: there is no chmod on this host; check: guard failed',
    installed:
      'faulty: untraversable-ancestor (tested) → not-accepted: the guard on the host accepts nothing: there is no chmod on this host; check: guard failed',
  },
  'no-date': {
    trial: 'inconclusive: guard-refused; check: guard failed',
    installed: 'inconclusive: guard-refused; check: guard failed',
  },
  'no-dd': {
    trial:
      'faulty: untraversable-ancestor (tested) → not-accepted: the guard on the host accepts nothing: there is no dd on this host; check: guard failed',
    installed:
      'faulty: untraversable-ancestor (tested) → not-accepted: the guard on the host accepts nothing: there is no dd on this host; check: guard failed',
  },
  'no-env': {
    trial: 'whole; check: login failed',
    installed: 'inconclusive: guard-refused; check: guard failed',
  },
  'no-flock': {
    trial:
      'faulty: untraversable-ancestor (tested) → refused: no flock on this host → outcome never-started; check: guard failed',
    installed:
      'faulty: untraversable-ancestor (tested) → refused: no flock on this host → outcome never-started; check: guard failed',
  },
  'no-id': {
    trial: 'inconclusive: guard-refused; check: login failed',
    installed: 'inconclusive: guard-refused; check: guard failed',
  },
  'no-mkdir': {
    trial:
      'faulty: untraversable-ancestor (tested) → not-accepted: the guard on the host accepts nothing: there is no mkdir on this host; check: guard failed',
    installed:
      'faulty: untraversable-ancestor (tested) → not-accepted: the guard on the host accepts nothing: there is no mkdir on this host; check: guard failed',
  },
  'no-mv': {
    trial:
      'faulty: untraversable-ancestor (tested) → not-accepted: the guard on the host accepts nothing: there is no mv on this host; check: guard failed',
    installed:
      'faulty: untraversable-ancestor (tested) → not-accepted: the guard on the host accepts nothing: there is no mv on this host; check: guard failed',
  },
  'no-sed': {
    trial:
      'faulty: untraversable-ancestor (tested) → not-accepted: the guard on the host accepts nothing: there is no sed on this host; check: guard failed',
    installed:
      'faulty: untraversable-ancestor (tested) → not-accepted: the guard on the host accepts nothing: there is no sed on this host; check: guard failed',
  },
  'no-setpriv': {
    trial:
      'faulty: untraversable-ancestor → refused: the service’s access can’t be tested: no setpriv on this host; check: guard failed',
    installed:
      'faulty: untraversable-ancestor → refused: the service’s access can’t be tested: no setpriv on this host; check: guard failed',
  },
  'no-ssh-keygen': {
    installed:
      'faulty: untraversable-ancestor (tested) → refused: no ssh-keygen on this host → outcome unknown: no ssh-keygen on this host; check: guard failed',
  },
  'no-timeout': {
    trial:
      'faulty: untraversable-ancestor → refused: the service’s access can’t be tested: no timeout on this host; check: guard failed',
    installed:
      'faulty: untraversable-ancestor → refused: the service’s access can’t be tested: no timeout on this host; check: guard failed',
  },
  'no-wc': {
    trial:
      'faulty: untraversable-ancestor (tested) → not-accepted: the guard on the host accepts nothing: there is no wc on this host; check: guard failed',
    installed:
      'faulty: untraversable-ancestor (tested) → not-accepted: the guard on the host accepts nothing: there is no wc on this host; check: guard failed',
  },
};
