const BARE = /^[A-Za-z0-9_/.:@%+-]+$/;

/** A word for a shell, in single quotes where it needs them. */
export function shellWord(text: string): string {
  return BARE.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A user's name in sudoers(5), where these have a meaning. */
export function sudoersWord(text: string): string {
  return text.replace(/[\\,:=!"@ ()#%]/g, '\\$&');
}

/** The same for an argument of a command, where wildcards have a meaning too. */
export function sudoersArgument(text: string): string {
  return sudoersWord(text).replace(/[*?[\]]/g, '\\$&');
}

/** Advice that was written where the host is not known. */
export function forHost(text: string, host: string): string {
  return text.replaceAll('host setup HOST', `host setup ${host}`);
}
