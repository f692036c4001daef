import type { Facts, Identity, PresentNode } from '../../../model/host/facts.ts';
import { overrideAt } from './access-override.ts';
import { type Decision, type Evaluation, evaluatePermission, type Want } from './permission.ts';

/**
 * Computes whether the kernel lets this identity use the directory, by owner, mode, ACL and capabilities ({@link
 * evaluatePermission}). The result is unknown where something else decides.
 */
export function evaluateUse(facts: Facts, directory: PresentNode, identity: Identity, want: Want): Evaluation {
  const evaluation = evaluatePermission(directory, identity, want);
  const override = overrideAt(facts, directory.path);
  if (override && (override.power === 'decides-alone' || evaluation.access === 'allowed')) {
    return { access: 'unknown', otherwise: decisionOf(evaluation), by: override.by, why: override.why };
  }
  if (!isByCapability(evaluation) || !hasOwnUserNamespace(facts)) return evaluation;
  const powerless = { ...identity, dacOverride: false, dacReadSearch: false };
  return {
    access: 'unknown',
    otherwise: decisionOf(evaluatePermission(directory, powerless, want)),
    by: 'user-namespace',
    why: { code: 'capabilities-count-less' },
  };
}

/**
 * Whether capabilities count only for the owners mapped into the process's user namespace (capable_wrt_inode_uidgid()
 * in the kernel's kernel/capability.c; user_namespaces(7)).
 */
function hasOwnUserNamespace({ process }: Facts): boolean {
  return process.state === 'known' && process.value.userNamespace === 'other';
}

function isByCapability(evaluation: Evaluation): boolean {
  return evaluation.access !== 'unknown' && evaluation.reason.kind === 'capability';
}

function decisionOf(evaluation: Evaluation): Decision {
  return evaluation.access === 'unknown' ? evaluation.otherwise : evaluation;
}
