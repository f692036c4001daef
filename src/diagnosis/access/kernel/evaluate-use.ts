import type { Facts, Identity, PresentNode } from '../../../model/host/facts.ts';
import { overrideAt } from './access-override.ts';
import { type Decision, type Evaluation, evaluatePermission, type Want } from './permission.ts';

/**
 * Computes whether the kernel lets this identity use the file or directory, by owner, mode, ACL and capabilities ({@link
 * evaluatePermission}). Unknown where the filesystem, the mount, a security module or a user namespace may decide
 * otherwise; `otherwise` is then the result if it does not.
 */
export function evaluateUse(facts: Facts, node: PresentNode, identity: Identity, want: Want): Evaluation {
  const evaluation = evaluatePermission(node, identity, want);
  const override = overrideAt(facts, node.path);
  if (override && (override.power === 'decides-alone' || evaluation.access === 'allowed')) {
    return { access: 'unknown', otherwise: decisionOf(evaluation), by: override.by, why: override.why };
  }
  if (!isByCapability(evaluation) || !isInOtherUserNamespace(facts)) return evaluation;
  const withoutCapabilities = { ...identity, dacOverride: false, dacReadSearch: false };
  return {
    access: 'unknown',
    otherwise: decisionOf(evaluatePermission(node, withoutCapabilities, want)),
    by: 'user-namespace',
    why: { code: 'capabilities-count-less' },
  };
}

/**
 * Whether the process runs in another user namespace than the first one. There capabilities count only for inodes whose
 * owners are mapped (capable_wrt_inode_uidgid() in the kernel's kernel/capability.c; user_namespaces(7)).
 */
function isInOtherUserNamespace({ process }: Facts): boolean {
  return process.state === 'known' && process.value.userNamespace === 'other';
}

function isByCapability(evaluation: Evaluation): boolean {
  return evaluation.access !== 'unknown' && evaluation.reason.kind === 'capability';
}

function decisionOf(evaluation: Evaluation): Decision {
  return evaluation.access === 'unknown' ? evaluation.otherwise : evaluation;
}
