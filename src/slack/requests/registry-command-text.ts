import type { UsageProblem } from '../../model/record/thread-message.ts';

/** What somebody typed after `/registry`. */
export type RegistryCommand =
  | { readonly kind: 'diagnose'; readonly hostText: string }
  | { readonly kind: 'usage'; readonly problem: UsageProblem | null };

/** Forgiving about spaces and the verb's case (phones capitalise), strict about everything else. */
export function parseRegistryCommand(text: string): RegistryCommand {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const [verb, hostText, ...rest] = words;
  if (verb === undefined) return { kind: 'usage', problem: null };
  if (verb.toLowerCase() === 'help' && words.length === 1) return { kind: 'usage', problem: null };
  if (verb.toLowerCase() !== 'diagnose') return { kind: 'usage', problem: { kind: 'unknown-verb', verb } };
  if (hostText === undefined) return { kind: 'usage', problem: { kind: 'host-missing' } };
  if (rest.length > 0) return { kind: 'usage', problem: { kind: 'too-many-words' } };
  return { kind: 'diagnose', hostText };
}
