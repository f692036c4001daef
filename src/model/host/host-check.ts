/** What `registry-doctor check` tests of a host, in the order in which each relies on those before it. */
export type HostCheckName =
  | 'key'
  | 'known-hosts'
  | 'reach'
  | 'host-key'
  | 'login'
  | 'forced-command'
  | 'sudo'
  | 'enter'
  | 'guard';

/** `skipped`: an earlier one failed. `note`: it works as set, and limits what the bot can do. */
export type HostCheck = {
  readonly what: HostCheckName;
  readonly result: 'ok' | 'failed' | 'skipped' | 'note';
  /** Why it failed and what to do; of a note what follows; of the guard also how it is run. Else null. */
  readonly why: string | null;
};

/** Everything before the failed check passed, everything after it was skipped. `failed`: null if all passed. */
export function checksUpTo(
  all: readonly HostCheckName[],
  failed: HostCheckName | null,
  why: string | null,
): HostCheck[] {
  const at = failed === null ? all.length : all.indexOf(failed);
  return all.map((what, index) => {
    if (index < at) return { what, result: 'ok', why: null };
    return index === at ? { what, result: 'failed', why } : { what, result: 'skipped', why: null };
  });
}
