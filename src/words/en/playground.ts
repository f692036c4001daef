/** What the playground says around what the bot says. */

export const STEPS = {
  building: 'Building a practice host on this machine: a directory tree, an SSH server, a registry …',
  noticing: 'Waiting for the registry to notice, at its next look at its storage …',
  starting: 'Starting the bot, and a stand-in for Slack …',
  cleaning: 'Cleaning up …',
} as const;

export function introduction(hostName: string, storageRoot: string, closed: readonly string[]): string {
  const directories = closed.length === 1 ? 'One directory' : `${closed.length} directories`;
  return [
    `The registry on ${hostName} keeps its images in`,
    `  ${storageRoot}`,
    `${directories} behind a symlink on that path just became closed to it:`,
    ...closed.map((path) => `  ${path}`),
    'It will answer 503, and its log will say nothing. No one tells the bot any of this.',
  ].join('\n');
}

export const ORDINARY_USER_NOTE =
  'You are not root here, so only one directory is closed: without root no one can look behind a closed one. As root it is two.';

export const NEEDS_LINUX =
  'The playground needs Linux: it makes a real permission fault and reads /proc. Nothing was done.';

export function typed(who: string, command: string): string {
  return `\n▶ ${who} types ${command}`;
}

export function clicked(who: string, button: string): string {
  return `\n▶ ${who} clicks [${button}]`;
}

export const QUESTION = '\nApprove the plan, as Bob? [y/N] ';
export const NO_TERMINAL = '\nThere is no terminal to ask in, so the plan is approved as with --yes.';
/** What Bob types where a rejection asks why. */
export const REASON = 'Not now: I want to look at it myself first.';
export const SAID_YES = '\nApproved, because of --yes.';

export function recordIntact(entries: number): string {
  return `\nThe record has ${entries} entries. The first names the bot’s config. Each is chained to the one before. Checked: it is intact.`;
}

export const RECORD_BROKEN = 'The record is broken. That is a fault of the bot: please report it.';

export function tookSeconds(milliseconds: number): string {
  return `From the question to the end of it: ${(milliseconds / 1000).toFixed(1)} s.`;
}

export const DONE = 'Directories, servers and database are gone again. Next: "Set it up" in README.md.';

export function postedMark(channel: string): string {
  return `#${channel}`;
}

export function threadMark(): string {
  return '  in the thread';
}

export function editedMark(): string {
  return ', the same message, edited';
}

export function waitedTooLong(what: string): string {
  return `The playground waited too long for ${what}.`;
}

export const WAITING_FOR = {
  fault: 'the registry to notice that its storage is closed',
  plan: 'a plan in the thread',
  form: 'the form that asks for the reason',
  recovery: 'the registry to be healthy again',
  rejection: 'the card to say that the plan was rejected',
} as const;
