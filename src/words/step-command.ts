import { aclEntries, isSameEntry } from '../model/host/acl.ts';
import type { PlanStep } from '../model/plan/plan.ts';
import type { PlanDocumentHead, PlanDocumentStep } from '../model/plan/plan-document.ts';
import { shellQuote } from './shell-quote.ts';
import { visibleText } from './visible-text.ts';

type ChmodStep = Extract<PlanStep, { action: 'chmod' }>;
type SetfaclStep = Extract<PlanStep, { action: 'setfacl' }>;

/** The exact command of a step, as one line for bash(1). */
export function stepCommand(step: PlanStep): string {
  switch (step.action) {
    case 'chmod':
      if (step.tree) return modesCommand(step, step.tree.kind);
      return `chmod ${step.to} ${shellQuote(step.path)}`;
    case 'setfacl':
      return `setfacl ${losesEntries(step) ? `--set ${step.to}` : `-m ${step.modify}`} ${shellQuote(step.path)}`;
    case 'chown':
      if (!step.tree) return `chown ${step.to} ${shellQuote(step.path)}`;
      return `find ${shellQuote(step.path)} -xdev ${ownedBy(step.from)} -exec chown -h --from=${step.from} ${step.to} {} +`;
  }
}

function modesCommand({ path, from, to, gainingPrincipal }: ChmodStep, kind: 'directory' | 'file'): string {
  const type = kind === 'directory' ? 'd' : 'f';
  return `find ${shellQuote(path)} -xdev -type ${type} -user ${visibleText(gainingPrincipal)} -perm ${from} -exec chmod ${to} {} +`;
}

/** Then the ACL is set as a whole, as in an undo. */
function losesEntries({ from, to }: SetfaclStep): boolean {
  const after = aclEntries(to);
  return aclEntries(from).some((entry) => !after.some((other) => isSameEntry(entry, other)));
}

/** find(1)'s arguments for selecting the entries of a tree. */
function ownedBy(owners: string): string {
  const [uid, gid] = owners.split(':');
  return `-uid ${uid} -gid ${gid}`;
}

/** The command of a step of a plan document, as one line for bash(1); an ACL is set whole, as the document has it. */
export function documentCommand(step: PlanDocumentStep, { uid }: PlanDocumentHead): string {
  const path = shellQuote(step.path);
  switch (step.action) {
    case 'chmod':
      if (step.entries === null) return `chmod ${step.to} ${path}`;
      return `find ${path} -xdev -type ${step.kind === 'directory' ? 'd' : 'f'} -user ${uid} -perm ${step.from} -exec chmod ${step.to} {} +`;
    case 'chown': {
      if (step.entries === null) return `chown ${step.to} ${path}`;
      const [owner, group] = step.from.split(':');
      return `find ${path} -xdev -uid ${owner} -gid ${group} -exec chown -h --from=${step.from} ${step.to} {} +`;
    }
    case 'setfacl':
      return `setfacl --set ${step.to} ${path}`;
  }
}
