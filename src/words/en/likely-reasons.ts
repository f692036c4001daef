import type { FindingOf } from '../../model/diagnosis/finding.ts';
import { quoted } from '../from-host.ts';
import { code, type Phrase, say } from '../phrase.ts';
import { anyOf } from './lists.ts';
import { reasonClause } from './reasons.ts';

type Disagreement = FindingOf<'access-disagreement'>;
type Likely = Disagreement['likely'][number];

/** Why the kernel's answer might differ from the modes, and where to look. */
export function likelyWords(likely: Disagreement['likely'], tried: Disagreement['tried']): Phrase {
  if (likely.length > 0) return say`Most likely ${anyOf(likely.map(reasonWords))}.`;
  return tried === 'denied'
    ? say`Something that permissions don’t show decides there, and nothing that I found names it: check the kernel’s log and the audit log (${code('journalctl -k')}).`
    : say`Perhaps it was changed in between.`;
}

function reasonWords({ reason, detail, why }: Likely): Phrase {
  const named = detail === null ? [] : say` (${quoted(detail)})`;
  const unread = why === undefined ? [] : say` (${reasonClause(why)})`;
  switch (reason) {
    case 'server':
      return say`the file server decides by its own rules${named}: check its exports, and which account it maps this user to`;
    case 'fuse':
      return say`its FUSE daemon decides${named}: check its options, ${code('allow_other')} first`;
    case 'mount-options':
      return say`its modes come from mount options${named}`;
    case 'idmapped-mount':
      return say`its mount shifts owners${named}`;
    case 'security-module':
      return say`a security module denies it${named}: check the audit log (${code('journalctl -k')})`;
    case 'user-namespace':
      return say`the registry’s capabilities don’t count there, because it runs in another user namespace`;
    case 'acl-unread':
      return say`an ACL that was not read decides${unread}`;
    case 'attribute-unread':
      return say`it is immutable, which I couldn’t read${unread}: check with ${code('lsattr -d')}`;
    case 'link-protection-unread':
      return say`fs.protected_symlinks stops it from following another account’s symlink: check with ${code('sysctl fs.protected_symlinks')}`;
    case 'changed-in-between':
      return say`it was changed a moment ago`;
  }
}
