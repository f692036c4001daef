import type { GuardReason } from '../../model/plan/guard-reason.ts';
import type { Reason } from '../../model/reason.ts';
import { plainText } from '../phrase.ts';
import { sentences } from '../sentences.ts';
import { visibleText } from '../visible-text.ts';
import { reasonClause } from './reasons.ts';

/** Why a host's guard refused a plan, or what kept the plan from being applied, as a clause without a full stop. */
export function guardReason(reason: GuardReason): string {
  return visibleText(clause(reason));
}

const say = (clause: string) => () => clause;
const reason = (because: Reason) => plainText(reasonClause(because));

const clause = sentences<GuardReason>({
  // The request and the plan, as they are written.
  'request-too-long': say('the request is too long'),
  'request-foreign-byte': say('the request has a byte that no request has'),
  'request-malformed': say('the request is not in the form that the guard on the host takes'),
  'unknown-act': say('the guard on the host knows no such act'),
  'plan-malformed': say('the plan is not in the form that the guard on the host takes'),
  'not-called-by-path': say('the guard has to be called by its whole path'),
  // Who stands for it, for which host and until when.
  'not-signed': say('the plan is not signed'),
  'unknown-signer': say('the plan’s signature is not by a key that this host takes plans from'),
  'approval-missing': say('the plan is high-risk, and no approver has signed it'),
  'unknown-approver': say('the approver’s signature is not by a key that this host knows'),
  'no-ssh-keygen': say('no ssh-keygen on this host'),
  'scope-missing': say('the plan doesn’t say for which host, for which boot of it and until when it is good'),
  'other-host': say('the plan is for another host'),
  'host-restarted': say('the host was restarted since the plan was made'),
  'time-is-up': say('the plan’s time is up'),
  'risk-understated': say('the plan says that its risk is low, and it is not'),
  // What is refused whatever the plan says.
  'step-count': say('a plan has 1 to 64 steps'),
  'two-steps-for-one': ({ what }) => `the plan has two steps for one ${what}`,
  'path-not-absolute': say('a path is not absolute'),
  'path-not-physical': say('a path is not physical'),
  'path-over-link': say('a path leads over a symlink'),
  'protected-directory': say('it is a protected directory of the system'),
  'protected-storage': say('the registry’s storage is a protected directory of the system'),
  'protected-use': say('what the service uses is a protected directory of the system'),
  'step-contradicts-itself': say('a step contradicts itself'),
  'unknown-action': say('a step is neither chmod, chown nor setfacl'),
  'world-writable': say('it would be writable by everyone'),
  'not-a-mode': say('what a step sets is not a mode'),
  'special-bits': say('setuid, setgid and sticky are never changed'),
  'not-an-owner': say('what a step sets is not an owner'),
  'foreign-owner': say('someone else than the service would own it'),
  'foreign-group': say('a group that is not the service’s would own it'),
  'not-a-directory': say('a path is not a directory'),
  'not-a-file': say('a path is not a regular file'),
  'unrelated-path': say('a path is neither above nor below the storage'),
  'passed-directory': say(
    'a directory that the service only passes through would be its own, or one that more accounts can write to',
  ),
  'directory-beside-storage': say('a directory is beside the storage, and not in its docker directory'),
  // What the host permits, and whom it trusts.
  'storage-not-permitted': ({ path }) => `${path} does not name this storage with this account and its groups`,
  'file-not-permitted': ({ list, account, path }) =>
    `${list} does not name this file. If the service needs it, add this line: ${account ?? 'ACCOUNT'} file ${path}`,
  'file-not-public': ({ path }) => `a file would be readable by everyone, and it is not a public-file in ${path}`,
  'open-link': ({ path }) => `others than root can change where ${path} leads`,
  'open-directory': ({ path }) => `others than root can change what is in ${path}`,
  'untrusted-file': ({ path }) => `${path} is not there, or others than root can change it`,
  'link-of-service': ({ path }) =>
    `the path to ${path} leads over a symlink that the service may have made itself. If it is right, give it to root: chown -h root`,
  'changed-just-now': ({ path }) =>
    `a directory on the path to ${path} changed just now, and the service can write there. Diagnose again`,
  // ACLs.
  'no-acl-tools': say('no getfacl and setfacl on this host'),
  'not-an-acl': say('what a step sets is not an ACL'),
  'acl-entry-added': say('the ACL would get an entry for someone else than the service'),
  'acl-entry-removed': say('the ACL would lose an entry'),
  'acl-entries-wake': say('entries of the ACL that the kernel passes over now would count'),
  'acl-entries-sleep': say('the kernel would pass over entries of the ACL that count now'),
  'others-lose': say('someone else than the service would lose access'),
  'others-gain': say('someone else than the service would gain access'),
  // Single files.
  'file-owner': say('the owner of a file never changes'),
  'file-rights-lost': say('someone would lose access to a file'),
  'file-rights-gained': say('a file would be given more than the right to be read'),
  'file-special-bits': say('a file is setuid, setgid or sticky'),
  'file-many-names': say('a file has more than one name'),
  'file-hardlinks-unprotected': say('fs.protected_hardlinks is off on this host, so a file may be one elsewhere'),
  'file-not-named': say('the plan does not name a file as one that the service uses'),
  'secret-opened': say('a file would be readable by everyone, and it is a secret'),
  'file-acl-mask': say('a file with an ACL would be readable by those that its mask keeps out'),
  'file-foreign-group': say('a file would be readable by a group that is not the service’s'),
  // Whole trees.
  'tree-entry-count': say('a tree has 1 to 20,000 entries'),
  'tree-needs-root': say('only root gives entries to another owner'),
  'no-gnu-tools': say('no GNU find and chown on this host'),
  'tree-hardlinks-unprotected': say(
    'fs.protected_hardlinks is off on this host, so a file in the tree may be one elsewhere',
  ),
  'mount-below': say('a mount is below the directory'),
  'odd-entry': say('among the entries is something that no registry makes'),
  'list-not-saved': say('the list of entries could not be saved on the host'),
  'list-not-on-record': say('the list of entries is no longer on record on the host'),
  // What became of the change.
  unreadable: ({ what }) => `a ${what} could not be read`,
  'changed-meanwhile': ({ what }) => `a ${what} changed while the plan was carried out`,
  'not-openable': ({ what }) => `a ${what} could not be opened`,
  'not-as-left': ({ what }) => `a ${what} is not as the plan left it`,
  'change-failed': ({ action, detail }) =>
    detail === '' ? `${action} failed, and the host gave no reason` : `${action} failed: ${detail}`,
  'change-without-effect': ({ action }) => `${action} had no effect`,
  'entry-differs': ({ action }) => `${action} failed: an entry is not as it was listed`,
  'access-not-tested': ({ because }) => `the service’s access could not be tested: ${reason(because)}`,
  'access-not-testable': ({ because }) => `the service’s access can’t be tested: ${reason(because)}`,
  'process-ended': say('the registry process that the plan was made for has ended'),
  'process-identity-differs': say('the process that the plan names has another identity than the plan says'),
  'process-of-other-account': say('someone else than the service runs the process that the plan names'),
  'process-in-user-namespace': say('the process that the plan names is in a user namespace of its own'),
  'storage-still-closed': say('the service still can’t reach its storage'),
  'tree-still-closed': say('the service still can’t use what is below its storage'),
  'still-unreadable': ({ path }) => `the service still can’t read ${path}`,
  'still-unwritable': ({ path }) => `the service still can’t write ${path}`,
  'still-unusable': ({ path }) => `the service still can’t use ${path}`,
  'tool-missing': ({ tool }) => `there is no ${tool} on this host`,
  // The host's own record of plans.
  'no-flock': say('no flock on this host'),
  'shell-closes-files': say('/bin/sh on this host closes its open files when it runs a program, as mksh does'),
  'no-home-directory': say('the login has no home directory'),
  'not-own-directory': ({ path }) => `${path} is not a directory of the login’s own`,
  'record-place-of-other': ({ path, wanted, owner, mode }) =>
    `${path} must belong to ${wanted}, with mode 0700 (it belongs to ${owner}, mode ${mode}). The guard keeps its plans there. If the bot’s own record is in it, move that to /var/lib/registry-doctor-bot and set store.url`,
  'directory-not-made': ({ path }) => `${path} could not be made`,
  'record-disk-full': ({ path }) => `no room is left on the filesystem of ${path}, where the guard records each plan`,
  'record-not-locked': say('the plan’s record on the host could not be locked'),
  'record-not-opened': say('the plan’s record on the host could not be opened'),
  'record-not-own': say('the plan’s record on the host is not a directory of the login’s own'),
  'record-unseen': ({ because }) => `the plan’s record on the host: ${reason(because)}`,
  'not-recorded': say('the plan could not be recorded on the host'),
  'plan-not-on-record': say('what the plan was is no longer on record on the host'),
  interrupted: say('it was interrupted half-way'),
  'interrupted-between': say('it was interrupted half-way, and a directory is neither as before nor as planned'),
  'interrupted-before-change': say('it was interrupted before anything was changed'),
  // Undoing an applied plan.
  'takes-plan-back': say('the plan undoes another one, which is another act'),
  'takes-no-plan-back': say('the plan undoes no other one'),
  'undone-plan-not-applied': say('the plan to undo was not applied on this host'),
  'undone-plan-not-on-record': say('the plan to undo is not on record on this host'),
  'not-the-reverse': say('it is not the reverse of the plan to undo'),
  'not-put-back': say('a directory could not be put back'),
  'host-said': ({ said }) => (said === '' ? 'the host gave no reason' : `the host said “${said}”`),
});
