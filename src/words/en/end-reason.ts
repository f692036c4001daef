import type { EndReason } from '../../model/record/end-reason.ts';
import { sentences } from '../sentences.ts';

/** Why a plan ended before it ran, or an incident before it was resolved, as a clause. */
export const endReason = sentences<EndReason>({
  'expired-before-run': () => 'its time was up before it ran',
  'not-as-approved': () => 'what is stored is not what was approved; registry-doctor audit verify says more',
  'host-removed': () => 'its host is no longer in the config file',
  'other-place': () => 'the config file now says that the registry is elsewhere on its host',
  'newer-diagnosis': () => 'a newer diagnosis of the host',
  'diagnosis-requested': () => 'a new diagnosis was requested',
  'narrower-chosen': () => 'its narrower option was chosen',
  'healthy-again': () => 'the registry is healthy again',
  'undo-requested': ({ planId }) => `an undo of plan ${planId} was requested`,
});
