import type { Risk } from '../model/plan/plan.ts';
import type { HostName } from '../model/record/ids.ts';

/** Plans of this risk on this host can never be approved: more people have to than are named. `any`: no one is named at all. */
export type NeverApproved = {
  readonly host: HostName;
  readonly risk: Risk | 'any';
  readonly needed: number;
  readonly named: number;
};
