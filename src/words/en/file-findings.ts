import type { FindingOf } from '../../model/diagnosis/finding.ts';
import type { PathRole } from '../../model/host/used-path.ts';
import type { FindingContext, FindingWords, WordsById } from '../finding-words.ts';
import { path, quoted } from '../from-host.ts';
import { code, type Phrase, say } from '../phrase.ts';
import { shellQuote } from '../shell-quote.ts';
import { stepCommand } from '../step-command.ts';
import { lacking } from './access.ts';
import { identity, subject } from './finding-words.ts';
import { allOf } from './lists.ts';

type Unusable = FindingOf<'file-unusable'>;

/** Words for a file that the registry, or the GitLab beside it, can't use. */
export const FILE_WORDS = {
  'file-unusable': { headline: 'the registry can’t use a file that it needs', words: fileUnusable },
} satisfies Partial<WordsById>;

function fileUnusable(finding: Unusable, context: FindingContext): FindingWords {
  return {
    title: say`${user(finding, context)} can’t ${DOES[finding.role]} ${NAMES[finding.role]} ${path(finding.path)}`,
    because: say`${causeWords(finding, context)} ${consequence(finding)}${namedBy(finding)}`,
    remedy: remedyWords(finding, context),
  };
}

const NAMES: Readonly<Record<PathRole, string>> = {
  storage: 'the storage directory',
  config: 'its config file',
  htpasswd: 'the htpasswd file',
  'tls-certificate': 'the TLS certificate',
  'tls-key': 'the TLS key',
  'tls-client-ca': 'the CA certificate for TLS clients',
  'acme-cache': 'the Let’s Encrypt cache',
  'token-certificate': 'the token certificate',
  'token-key': 'the key that signs tokens,',
  'socket-directory': 'a socket in',
  'log-directory': 'logs to',
  'named-in-log': 'the file',
};

const DOES: Readonly<Record<PathRole, 'read' | 'write' | 'create' | 'use'>> = {
  storage: 'use',
  config: 'read',
  htpasswd: 'read',
  'tls-certificate': 'read',
  'tls-key': 'read',
  'tls-client-ca': 'read',
  'acme-cache': 'write',
  'token-certificate': 'read',
  'token-key': 'read',
  'socket-directory': 'create',
  'log-directory': 'write',
  'named-in-log': 'use',
};

function user({ usedBy }: Unusable, { service }: FindingContext): Phrase {
  return usedBy === null ? subjectOf(service) : [quoted(usedBy)];
}

function subjectOf(service: FindingContext['service']): Phrase {
  return service ? subject(service) : say`The registry`;
}

function causeWords(finding: Unusable, context: FindingContext): Phrase {
  const at = path(finding.blockedAt);
  switch (finding.cause) {
    case 'directory-closed':
      return say`The directory ${at}${permissions(finding)} blocks the path: ${whyDenied(finding)}.${others(finding)}`;
    case 'no-permission':
      return say`${at}${permissions(finding)} is closed to ${whoOf(finding, context)}: ${whyDenied(finding)}.`;
    case 'missing':
      return say`${at} doesn’t exist.`;
    case 'cannot-be-made':
      return say`The file doesn’t exist, and ${whoOf(finding, context)} can’t create it: ${at} gives it no write permission.`;
    case 'is-a-directory':
      return finding.holdsOthers
        ? say`${at} is a directory.`
        : say`${at} is a directory. Docker creates one where the source of a bind mount is missing.`;
    case 'not-a-directory':
      return say`${at} is not a directory, so the path ends there.`;
    case 'symlink-loop':
      return say`The path goes through more than 40 symlinks; ${at} is where Linux gives up.`;
    case 'read-only':
      return say`${at} is on a filesystem that is mounted read-only.`;
    case 'immutable':
      return say`${at} has the immutable attribute.`;
    case 'append-only':
      return say`${at} has the append-only attribute, so nothing in it can be changed.`;
    case 'nosymfollow':
      return say`Linux doesn’t follow the symlink ${at}: it is on a filesystem that is mounted with ${code('nosymfollow')}.`;
    case 'protected-symlink':
      return say`Linux doesn’t follow the symlink ${at} (${code('fs.protected_symlinks')}): it is in a sticky directory that everyone can write to, and another account owns it.`;
  }
}

function whoOf({ usedBy }: Unusable, { service }: FindingContext): Phrase {
  return usedBy === null ? identity(service) : [quoted(usedBy)];
}

function permissions({ mode, owner, group }: Unusable): Phrase {
  return mode === null ? [] : say` (${code(`${mode} ${owner}:${group}`)})`;
}

function whyDenied({ decidedBy, group, lacking: letters }: Unusable): string {
  return decidedBy === null ? 'it has no permission' : lacking(decidedBy, group, letters.join(''));
}

function others({ alsoBlockedAt }: Unusable): Phrase {
  if (alsoBlockedAt.length === 0) return [];
  return say` Also blocked: ${allOf(alsoBlockedAt.slice(0, 3).map((one) => [path(one)]))}.`;
}

function consequence({ role, cause, running }: Unusable): string {
  if (role === 'htpasswd' && cause === 'is-a-directory') return 'The registry starts with it, but every login fails.';
  if (role === 'token-key') return 'Without it, GitLab signs no tokens, so every login and push fails.';
  if (!running) return 'The registry can’t start without it.';
  if (role === 'htpasswd') return 'The registry reads it again when it changes, and can’t start without it.';
  return 'The running registry uses what it read at its start. It won’t start again.';
}

function namedBy({ key, role }: Unusable): Phrase {
  if (role === 'named-in-log') return say` The registry’s last log line names it.`;
  if (key === null) return [];
  return key.startsWith('REGISTRY_')
    ? say` The environment variable ${code(key)} names it.`
    : say` The config key ${code(key)} names it.`;
}

function remedyWords(finding: Unusable, context: FindingContext): Phrase {
  const steps = (context.plan?.steps ?? []).filter(
    (step) => step.path === finding.blockedAt || finding.alsoBlockedAt.includes(step.path),
  );
  if (steps.length > 0) {
    const commands = allOf(steps.map((step) => [code(stepCommand(step))]));
    return say`Give only what is missing: ${commands}. The plan below does it once it is approved.`;
  }
  switch (finding.cause) {
    case 'missing':
      return say`Put the file back, from a backup or from where it comes from. I propose no change for this.`;
    case 'is-a-directory':
      return placeOfFile(finding);
    case 'not-a-directory':
    case 'symlink-loop':
      return say`Check what ${path(finding.blockedAt)} is, and where the config should point. I propose no change for this.`;
    case 'read-only':
      return say`Find out why it is read-only (${code('journalctl -k')}), then mount it writable again.`;
    case 'immutable':
      return say`Someone set it on purpose: find out why, then remove it with ${code(`chattr -i ${shellQuote(finding.blockedAt)}`)}.`;
    case 'append-only':
      return say`Someone set it on purpose: find out why, then remove it with ${code(`chattr -a ${shellQuote(finding.blockedAt)}`)}.`;
    case 'nosymfollow':
    case 'protected-symlink':
      return say`Put the path that the symlink points to into the config. I propose no change for this.`;
    case 'cannot-be-made':
      return say`Create the file yourself, readable for ${whoOf(finding, context)} only. I propose no change for this.`;
    default:
      return byHand(finding, context);
  }
}

/** Where a file goes whose path is a directory. Only an empty one can be removed. */
function placeOfFile({ holdsOthers, key, blockedAt }: Unusable): Phrase {
  if (!holdsOthers)
    return say`If the directory is empty, remove it (${code(`rmdir ${shellQuote(blockedAt)}`)}), put the file in its place, then start the registry again.`;
  return say`Keep the directory: other files are in it. Write the path of a file into ${key === null ? 'the config' : code(key)}, then restart the registry.`;
}

/** The exact owner and mode, where no plan is made. */
function byHand(finding: Unusable, { service }: FindingContext): Phrase {
  const target = shellQuote(finding.blockedAt);
  const name = finding.usedBy ?? service?.user ?? 'USER';
  const group = finding.usedBy ?? service?.gid ?? 'GROUP';
  const why = NO_PLAN[finding.noChmod ?? 'other'] ?? NO_PLAN.other;
  if (finding.cause === 'directory-closed') {
    return say`${why} Let only ${quoted(String(name))} pass through: ${code(`setfacl -m u:${name}:--x ${target}`)}.`;
  }
  if (finding.role === 'socket-directory' || finding.role === 'log-directory' || finding.role === 'acme-cache') {
    return say`${why} Give it to the account that writes there: ${code(`chown ${name} ${target}`)}.`;
  }
  const secret = finding.secret ? ' It is secret: never make it readable for everyone.' : '';
  return say`${why} Let the service’s group read it: ${code(`chgrp ${group} ${target} && chmod 0640 ${target}`)}, or only the account: ${code(`setfacl -m u:${name}:r-- ${target}`)}.${secret}`;
}

const NO_PLAN: Readonly<Partial<Record<string, string>>> & { readonly other: string } = {
  'protected-path': 'It is in a directory of the operating system, which I never change.',
  'readonly-mount': 'Its filesystem is mounted read-only, so nothing can be changed there now.',
  attribute: 'Its immutable or append-only attribute forbids every change; find out who set it and why.',
  'not-on-host': 'Only the registry’s container sees it, so fix it in the image or volume.',
  'modes-not-kept': 'Its filesystem keeps no permissions of its own: change the mount options.',
  other: 'I propose no change for this.',
};
