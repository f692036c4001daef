import type { IncidentId } from '../../model/record/ids.ts';

/** What one check of a registry found. `blind`: the host gave no answer, or the registry could not be asked. */
export type Look = 'healthy' | 'unhealthy' | 'blind';

/** What monitoring believes about one host. */
export type WatchState =
  | { readonly kind: 'quiet' }
  /** One bad check; the next one decides. */
  | { readonly kind: 'doubtful' }
  | { readonly kind: 'incident'; readonly incidentId: IncidentId };

export type WatchStep = {
  readonly next: 'quiet' | 'doubtful' | 'unchanged';
  readonly act: 'nothing' | 'look-again' | 'open-incident' | 'tell-healthy';
};

/**
 * One check of a watched host: what to believe next and what to do. A single bad check calls no one. A host has one
 * incident until it is healthy again. A blind check neither opens an incident nor ends one: it says nothing of the
 * registry.
 */
export function onLook(state: WatchState, look: Look): WatchStep {
  if (look === 'healthy') {
    return { next: 'quiet', act: state.kind === 'incident' ? 'tell-healthy' : 'nothing' };
  }
  if (state.kind === 'incident' || look === 'blind') return { next: 'unchanged', act: 'nothing' };
  if (state.kind === 'quiet') return { next: 'doubtful', act: 'look-again' };
  return { next: 'quiet', act: 'open-incident' };
}
