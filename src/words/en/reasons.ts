import type { AboutCode, BareCode, BecauseCode, Reason } from '../../model/reason.ts';
import { path, quoted } from '../from-host.ts';
import { grouped } from '../moment.ts';
import { type Phrase, say } from '../phrase.ts';
import { allOf } from './lists.ts';
import { count } from './time.ts';

/** Why something is not known, as a clause: it can stand behind a colon. At the start of a sentence, `capitalised` makes it begin one. */
export function reasonClause(reason: Reason): Phrase {
  if ('use' in reason) return say`${USES[reason.code](reason.use)}: ${reasonClause(reason.because)}`;
  if ('because' in reason) return say`${BECAUSE[reason.code]}: ${reasonClause(reason.because)}`;
  if ('detail' in reason) return ABOUT[reason.code](reason.detail);
  return aloneOrWithValues(reason);
}

function aloneOrWithValues(reason: Exclude<Reason, { because: Reason } | { detail: string }>): Phrase {
  switch (reason.code) {
    case 'server-decides':
      return say`its file server decides, not the modes ${mounted(reason)}`;
    case 'fuse-decides':
      return say`a FUSE daemon decides, not the modes ${mounted(reason)}`;
    case 'modes-made-up':
      return say`its modes are made up from mount options ${mounted(reason)}`;
    case 'owners-shifted':
      return say`${path(reason.mountPoint)} is mounted with shifted owners`;
    case 'module-confines': {
      const label = reason.label === null ? [] : say` (${quoted(reason.label)})`;
      return say`${MODULES[reason.module]} confines the process${label}`;
    }
    case 'fstab-source-unsure':
      return say`whether ${quoted(reason.source)} of /etc/fstab is what is mounted at ${path(reason.path)}`;
    case 'maker-unsure':
      return say`whether ${MAKERS[reason.maker]} mounts ${path(reason.path)} at the next boot`;
    case 'host-said':
      return [quoted(reason.said)];
    default:
      return say`${ALONE[reason.code]}`;
  }
}

function mounted({ filesystem, mountPoint }: Extract<Reason, { filesystem: string }>): Phrase {
  return say`(${quoted(filesystem)} at ${path(mountPoint)})`;
}

const MODULES = { selinux: 'SELinux', apparmor: 'AppArmor', other: 'a security module' } as const;
const MAKERS = {
  zfs: 'ZFS, which mounts by its own properties,',
  autofs: 'autofs',
  container: 'whatever starts this container',
} as const;

const USES = {
  'use-not-tried': (use: string) => `${use} was not tried as the service`,
  'use-failed': (use: string) => `${use} as the service failed`,
} as const;

/** What stands before the reason behind it. */
const BECAUSE: Readonly<Record<BecauseCode, string>> = {
  'config-unread': 'the registry’s config file',
  'process-unknown': 'the registry process',
  'account-unknown': 'the account of the registry',
  'try-failed': 'trying as the service failed',
  'nothing-tried': 'nothing could be tried as the service',
  'acl-unread': 'its ACL could not be read',
  'link-protection-unread': 'whether fs.protected_symlinks is on was not read',
  'fstab-unread': '/etc/fstab',
  'resets-unread': 'what tmpfiles.d, cron and units set again',
  'foreign-entries-untried': 'entries below it belong to others, and nothing was tried there',
};

const ABOUT: Readonly<Record<AboutCode, (detail: string) => Phrase>> = {
  'not-permitted-at': (place) => say`not permitted: ${quoted(place)}`,
  'missing-on-host': (name) => say`no ${quoted(name)} on this host`,
  'login-not-root': (user) => say`not permitted: the login ${quoted(user)} is not root`,
  'log-is-link': (file) => say`${quoted(file)} is a link`,
  'journal-empty': (units) => say`the journal shows no lines of ${quoted(units)}`,
  'no-answer': (seconds) => say`no answer within ${amount(seconds, 'second')}`,
  'asked-in-vain': (tool) => say`no answer (${quoted(tool)})`,
  'tools-failed': (tools) => say`it could not be asked (${quoted(tools)})`,
  'status-for-list': (status) => say`the registry answers ${numeral(status)} when asked for its list`,
  'several-with-config': (found) =>
    say`${amount(found, 'registry process runs', 'registry processes run')} with this config`,
  'several-in-containers': (found) =>
    say`${amount(found, 'registry process runs', 'registry processes run')} in containers, each with a config file of this name`,
  'several-unnamed': (found) =>
    say`${amount(found, 'registry process runs', 'registry processes run')}, and none names this config`,
  'none-with-config': (found) => {
    const [many = '', ...files] = found.split(' ');
    const used = files.length === 0 ? [] : say`: they use ${allOf(files.map((file) => [quoted(file)]))}`;
    return say`${amount(many, 'registry process runs', 'registry processes run')}, but none with this config${used}`;
  },
  'way-too-long': (most) => say`the way has more than ${numeral(most)} parts`,
  'link-not-followed': (link) =>
    say`${quoted(link)} in the storage root is a symlink in the process’s own tree, which is not followed`,
  'too-many-resets': (most) => say`more than ${numeral(most)} lines name directories of the storage path`,
  'part-not-tried': (part) => say`what lies behind ${quoted(part)} was not tried`,
  'path-not-tried': (used) => say`${quoted(used)} was not tried as the account that uses it`,
  'unit-of-mount-unknown': (place) => say`whether a systemd unit mounts ${quoted(place)} at a boot`,
  'start-of-unit-unknown': (unit) => say`whether something starts ${quoted(unit)} at a boot`,
};

/** What a host sends is a number only if it looks like one. */
function numeral(text: string): Phrase {
  return NUMBER.test(text) ? say`${grouped(Number(text))}` : [quoted(text)];
}

function amount(text: string, one: string, many = `${one}s`): Phrase {
  return NUMBER.test(text) ? say`${count(Number(text), one, many)}` : say`${quoted(text)} ${many}`;
}

const NUMBER = /^\d{1,9}$/;

const ALONE: Readonly<Record<BareCode, string>> = {
  'not-permitted': 'not permitted',
  'not-there': 'it is not there',
  'not-a-directory': 'it is not a directory',
  'is-a-directory': 'it is a directory',
  'not-a-regular-file': 'it is not a regular file',
  'too-many-links': 'too many levels of symbolic links',
  'read-only-filesystem': 'its filesystem is read-only',
  'stale-handle': 'stale file handle',
  unreadable: 'it could not be read',
  'path-unreadable': 'its path cannot be read',
  'cut-short': 'it could not be read to its end',
  'changed-meanwhile': 'it changed while it was looked at',
  'target-unread': 'its target was not read',
  'path-too-long': 'what it leads to is longer than a path can be',
  'link-in-own-tree': 'it is a symlink in the process’s own tree',
  'not-opened': 'the probe could not open it',
  'root-unopened': 'its root could not be opened',
  'mounts-unreadable': 'the mount table could not be read',
  'no-reason': 'the host gave no reason',
  'not-told': 'the host said nothing of it',
  'not-understood': 'the host said something that cannot be read',
  'systemd-silent': 'systemd does not say',
  'systemctl-silent': 'systemctl gave no answer',
  'clock-not-told': 'the host’s clock and zone were not told',
  'not-asked': 'it was not asked',
  'not-asked-of-links': 'asked of directories and files only',
  'not-asked-below': 'not asked below the storage root',
  'not-looked-at': 'the probe did not look at it',
  'not-used-so': 'it is not used so',
  'asked-inside-only': 'asked inside the storage only',
  'not-known': 'it is not known',
  'clock-incomparable': 'a host cannot compare its clock with the bot’s',
  'boot-time-unknown': 'the time of the boot is not known',
  'connection-refused': 'connection refused',
  'empty-answer': 'an empty answer',
  'not-http': 'not an HTTP answer',
  'tls-failed': 'the TLS handshake failed',
  'certificate-untrusted': 'its TLS certificate is not trusted on that host',
  'hung-up-over-tls': 'it hung up over TLS: it may want a client certificate',
  'answer-hidden': 'an answer that wget does not show',
  'name-unresolved': 'the address’s name cannot be resolved',
  'loopback-address': 'the address leads to the bot’s own machine',
  'token-wanted': 'the registry asks for a token',
  'list-unreadable': 'the answer has no list that could be read',
  'address-unknown': 'the registry’s address is not known',
  'address-unreadable': 'the address in the config cannot be read',
  'config-without-address': 'the registry’s config names no address',
  'on-unix-socket': 'the registry listens on a unix socket',
  'tls-without-url': 'the registry speaks TLS, and the settings name no url',
  'own-network-without-nsenter': 'the registry has a network of its own, and there is no nsenter on this host',
  'own-network-not-permitted': 'the registry has a network of its own: not permitted',
  'no-address-to-ask': 'there is no address to ask the registry at',
  'no-tool-to-ask': 'no curl, wget or bash on this host',
  'config-missing': 'there is no registry config file at the expected place',
  'config-too-large': 'it is larger than 64 KiB',
  'config-not-read': 'the config file was not read',
  'not-utf8': 'it is not UTF-8',
  'not-yaml': 'it is not valid YAML',
  'not-a-registry-config': 'it is not a registry’s config',
  'no-single-driver': 'it names no single storage driver',
  'storage-overridden':
    'the environment of its process sets the whole storage section, which I don’t read because of its secrets',
  'root-not-absolute': 'the root directory in the config is not an absolute path',
  'no-directory-named': 'the registry config names no directory',
  'own-processes-only': 'not permitted: /proc shows only own processes',
  'processes-unlisted': 'the processes could not be listed',
  'ended-meanwhile': 'it ended while it was looked at',
  'registry-ended': 'the registry process ended while it was looked at',
  'registry-without-process': 'a registry answers, but no process of one was found',
  'neither-process-nor-account': 'no registry process runs, and its account does not exist',
  'identity-not-known': 'whose access counts is not known',
  'no-service-manager': 'no service manager that I know runs on this host',
  'not-supervised': 'runit does not supervise a registry here',
  'no-unit-known': 'no unit of systemd that I know runs the registry',
  'signer-unknown': 'who signs the tokens is not known on this host',
  'not-a-certificate': 'it is no certificate',
  'not-a-private-key': 'it is no private key',
  'key-unreadable': 'its key cannot be read',
  'date-unreadable': 'its date cannot be read',
  'not-tried': 'it was not tried',
  'not-tried-after-change': 'not tried after the change',
  'not-tried-as-service': 'nothing was tried as the service',
  'tried-as-other': 'it was tried as another identity than the service has',
  'identity-not-exact': 'the service’s identity could not be taken on exactly',
  'no-identity': 'there is no identity to try it as',
  'not-root': 'not permitted: the login that runs this is not root',
  'setpriv-without-reuid': 'setpriv on this host can’t run a test as another user (the one of util-linux can)',
  'setpriv-too-old': 'setpriv on this host cannot shield what is tried (util-linux 2.31 can)',
  'ids-not-mapped': 'its ids are not all mapped in its user namespace',
  'no-physical-path': 'no physical path stands for where its links lead',
  'find-asks-no-kernel': 'this host’s find does not ask the kernel',
  'shell-asks-no-kernel': 'this host’s shell does not ask the kernel',
  'capabilities-not-triable': 'the capabilities of the service cannot be tried here',
  contradiction: 'the permissions say one thing, and the kernel another when it was tried',
  'mount-namespace-unread': 'whether the registry process sees the same mounts could not be read',
  'capabilities-count-less':
    'the process has a user namespace of its own, where its capabilities count for mapped owners alone',
  'acls-without-getfacl': 'there are ACLs, but no getfacl on this host',
  'acls-incomplete': 'getfacl did not answer for every directory',
  'attributes-unread': 'lsattr could not read it',
  'own-mounts': 'the registry has mounts of its own, which no file of the host lists',
  'no-mount-table': 'there is no mount table',
  'fstab-line-too-long': 'a line longer than 4096 bytes',
  'fstab-too-long': 'more than 1024 lines',
  'no-storage-root': 'there is no storage root to look into',
  'root-leads-nowhere': 'the way to the storage root is broken',
  'docker-leads-nowhere': 'docker in the storage root is a symlink that leads to no directory',
  'docker-not-a-directory': 'docker in the storage root is not a directory',
  'nothing-to-look-into': 'there is nothing to look into',
  'contents-not-in-time': 'nothing below the storage root could be listed in time',
  'tags-not-in-time': 'what tags point to could not be looked at in time',
  'write-places-not-in-time': 'there was no time to look at every directory into which the registry writes',
  'not-tried-in-time': 'there was no time to try it',
  'out-of-reach': 'the service can’t go there',
  'parts-not-looked-at': 'not every part of the storage behind a symlink or mount was looked at',
  'pull-through-cache': 'the registry is a pull-through cache, which fetches again what is not there',
  'no-log-found': 'no log of the registry was found',
  'only-failures-logged': 'the registry’s log holds only requests that failed',
  'nothing-tells-of-clock': 'nothing on this host tells',
};
