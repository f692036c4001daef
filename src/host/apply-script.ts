import { bytesFromText } from '../model/host-path.ts';
import type { Plan, PlanStep } from '../model/plan.ts';
import { composeScript } from './compose-script.ts';
import { checkedNonce } from './nonce.ts';
import { shellAssignment } from './shell-assignment.ts';

type Request = { readonly nonce: string; readonly plan: Plan };

/**
 * The script that carries out one plan on its host, at most once whatever happens: all preconditions are compared before
 * the first change, every change is made on a pinned inode, and it is undone when it does not help. For
 * `parseApplyOutcome`. The host refuses by itself what no plan may hold.
 */
export function applyScript(request: Request): string {
  return planScript(request, 'apply.sh');
}

/** The script that tells what became of a plan, and ends one that was interrupted. It never starts one. */
export function outcomeScript(request: Request): string {
  return planScript(request, 'outcome.sh');
}

function planScript({ nonce, plan }: Request, main: string): string {
  return composeScript({
    files: [
      'frame.sh',
      'unseen.sh',
      'identity.sh',
      'view.sh',
      'walk.sh',
      'user-namespace.sh',
      'try-as.sh',
      'try-way.sh',
      'try-root.sh',
      'step.sh',
      'acl-step.sh',
      'tree-list.sh',
      'tree-step.sh',
      'forbidden.sh',
      'claim.sh',
      'undo.sh',
      'outcome-record.sh',
      'settle.sh',
      main,
    ],
    programs: { try_child: 'try-child.sh', mounts_below_awk: 'mounts-below.awk', tree_awk: 'tree-entry.awk' },
    values: {
      nonce: checkedNonce(nonce),
      plan_id: plan.id,
      plan_hash: plan.hash.slice('sha256:'.length),
      plan_boot_id: plan.bootId ?? '',
      step_count: String(plan.steps.length),
      root: bytesFromText(plan.storageRoot),
      probe_user: 'that runs this',
      plan_process: plan.process === undefined ? '' : String(plan.process.pid),
      plan_process_start: plan.process?.startTicks ?? '',
      ...triedIdentityValues(plan),
    },
    functions: loadStep(plan.steps),
  });
}

function triedIdentityValues({ identity }: Plan): Record<string, string> {
  return {
    tried_uid: String(identity.uid),
    tried_gid: String(identity.gid),
    tried_groups: identity.groups.join(' '),
    tried_override: identity.dacOverride ? '1' : '0',
    tried_search: identity.dacReadSearch ? '1' : '0',
  };
}

/** The steps as a function of their number: data in quoted assignments, nothing to take apart on the host. */
function loadStep(steps: readonly PlanStep[]): string {
  const cases = steps.map((step, index) => `${index + 1})\n${stepAssignments(step).join('\n')}\n;;`);
  return `load_step() {\ncase $1 in\n${cases.join('\n')}\nesac\n}`;
}

function stepAssignments(step: PlanStep): readonly string[] {
  const { action, path, from, to, precondition } = step;
  const tree = step.action === 'setfacl' ? undefined : step.tree;
  return [
    shellAssignment('step_action', action),
    shellAssignment('step_path', bytesFromText(path)),
    shellAssignment('step_device', precondition.device),
    shellAssignment('step_inode', precondition.inode),
    shellAssignment('step_mode', precondition.mode),
    shellAssignment('step_uid', String(precondition.uid)),
    shellAssignment('step_gid', String(precondition.gid)),
    shellAssignment('step_from', from),
    shellAssignment('step_to', to),
    shellAssignment('step_acl', precondition.acl ?? ''),
    shellAssignment('step_entries', tree === undefined ? '' : String(tree.entries)),
    shellAssignment('step_digest', tree === undefined ? '' : tree.digest),
    shellAssignment(
      'step_kind',
      step.action === 'chmod' && step.tree ? { directory: 'd', file: 'f' }[step.tree.kind] : '',
    ),
  ];
}
