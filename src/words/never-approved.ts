import type { Risk } from '../model/plan/plan.ts';
import type { HostName } from '../model/record/ids.ts';

/** Plans of this risk on this host (`any`: of each) that can never be approved, for want of approvers. */
export type NeverApproved = {
  readonly host: HostName;
  readonly risk: Risk | 'any';
  readonly needed: number;
} & (
  | { readonly why: 'no-one-named' }
  | { readonly why: 'too-few-named'; readonly named: number }
  /** Only approvers may request, and no one may approve what they requested: so many are left. */
  | { readonly why: 'only-approvers-request'; readonly left: number }
  /** The same where others may request as well: it is so only if an approver does. */
  | { readonly why: 'if-approver-requests'; readonly left: number }
);
