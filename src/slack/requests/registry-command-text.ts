import type { UsageProblem } from '../../model/record/thread-message.ts';
import { type MuteCommand, parseMute, parseUnmute } from './mute-command-text.ts';

/** The text after `/registry`. */
export type RegistryCommand =
  | { readonly kind: 'diagnose'; readonly hostText: string }
  | MuteCommand
  | { readonly kind: 'usage'; readonly problem: UsageProblem | null };

/** Tolerant about spaces and the verb's case (phones capitalize), strict about everything else. */
export function parseRegistryCommand(text: string): RegistryCommand {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const [verb, hostText, ...rest] = words;
  if (verb === undefined) return { kind: 'usage', problem: null };
  if (verb.toLowerCase() === 'help' && words.length === 1) return { kind: 'usage', problem: null };
  if (verb.toLowerCase() === 'mute') return parseMute(words.slice(1));
  if (verb.toLowerCase() === 'unmute') return parseUnmute(words.slice(1));
  if (verb.toLowerCase() !== 'diagnose') return { kind: 'usage', problem: { code: 'unknown-verb', verb } };
  if (hostText === undefined) return { kind: 'usage', problem: { code: 'host-missing' } };
  if (rest.length > 0) return { kind: 'usage', problem: { code: 'too-many-words' } };
  return { kind: 'diagnose', hostText };
}
