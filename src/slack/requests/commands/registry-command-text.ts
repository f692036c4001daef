import { CommandName, type UsageProblem } from '../../../model/record/command.ts';
import { nearestNames } from '../../../workflow/incident/nearest-names.ts';
import { type MuteCommand, parseMute, parseUnmute } from './mute-command-text.ts';

/** What the text after `/registry`, or after a mention of the bot, asks for. */
export type RegistryCommand =
  | { readonly kind: 'diagnose'; readonly hostText: string }
  /** `hostText` is null for all hosts. */
  | { readonly kind: 'status' | 'history'; readonly hostText: string | null }
  | { readonly kind: 'hosts' | 'incidents' }
  | { readonly kind: 'record'; readonly incidentIdText: string }
  | MuteCommand
  /** Nothing was typed. */
  | { readonly kind: 'form' }
  | { readonly kind: 'usage'; readonly problem: UsageProblem | null };

/** Reads the words after a command's name. */
type ReadWords = (words: readonly string[], command: CommandName) => RegistryCommand;

/** `12`, or as people write it: `#12`. */
const INCIDENT_NUMBER = /^#?([1-9]\d{0,11})$/;

/** How each command is typed. A new one is one row here, its name in the model, and its line in the help. */
const COMMANDS: Record<CommandName, ReadWords> = {
  diagnose: ([hostText, ...rest], command) => {
    if (hostText === undefined) return usage({ code: 'host-missing', command });
    return rest.length > 0 ? usage({ code: 'too-many-words', command }) : { kind: 'diagnose', hostText };
  },
  status: perhapsOneHost('status'),
  history: perhapsOneHost('history'),
  record: ([text = '', ...rest]) => {
    const number = INCIDENT_NUMBER.exec(text)?.[1];
    if (number === undefined || rest.length > 0) return usage({ code: 'incident-missing' });
    return { kind: 'record', incidentIdText: number };
  },
  incidents: nothingElse({ kind: 'incidents' }),
  hosts: nothingElse({ kind: 'hosts' }),
  mute: parseMute,
  unmute: parseUnmute,
  help: nothingElse({ kind: 'usage', problem: null }),
};

/** Tolerant about spaces and the case of the command's name (phones capitalize), strict about everything else. */
export function parseRegistryCommand(text: string): RegistryCommand {
  const [verb, ...words] = text.split(/\s+/).filter((word) => word !== '');
  if (verb === undefined) return { kind: 'form' };
  const { data: command } = CommandName.safeParse(verb.toLowerCase());
  if (command !== undefined) return COMMANDS[command](words, command);
  const [nearest = null] = nearestNames(verb, CommandName.options);
  return usage({ code: 'unknown-verb', verb, nearest });
}

function perhapsOneHost(kind: 'status' | 'history'): ReadWords {
  return ([hostText = null, ...rest], command) =>
    rest.length > 0 ? usage({ code: 'too-many-hosts', command }) : { kind, hostText };
}

function nothingElse(asked: RegistryCommand): ReadWords {
  return (words, command) => (words.length > 0 ? usage({ code: 'nothing-follows', command }) : asked);
}

function usage(problem: UsageProblem): RegistryCommand {
  return { kind: 'usage', problem };
}
