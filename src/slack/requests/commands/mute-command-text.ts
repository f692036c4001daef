import type { UsageProblem } from '../../../model/record/command.ts';

/** `mute HOST 2h reason` and `unmute HOST`, as typed. */
export type MuteCommand =
  | {
      readonly kind: 'mute';
      readonly hostText: string;
      readonly lengthText: string;
      readonly reason: string | null;
    }
  | { readonly kind: 'unmute'; readonly hostText: string };

type Problem = { readonly kind: 'usage'; readonly problem: UsageProblem };

const LONGEST_REASON = 300;

/** The words after `mute`: a host, a length of time, and perhaps a reason. */
export function parseMute([hostText, lengthText, ...reason]: readonly string[]): MuteCommand | Problem {
  if (hostText === undefined) return { kind: 'usage', problem: { code: 'host-missing', command: 'mute' } };
  if (lengthText === undefined) return { kind: 'usage', problem: { code: 'mute-incomplete' } };
  // The cut can halve an emoji, and the record takes no half of a character.
  const text = reason.join(' ').slice(0, LONGEST_REASON).toWellFormed();
  return { kind: 'mute', hostText, lengthText, reason: text === '' ? null : text };
}

/** The words after `unmute`: a host. */
export function parseUnmute([hostText, ...rest]: readonly string[]): MuteCommand | Problem {
  if (hostText === undefined || rest.length > 0)
    return {
      kind: 'usage',
      problem: { code: hostText === undefined ? 'host-missing' : 'too-many-words', command: 'unmute' },
    };
  return { kind: 'unmute', hostText };
}
