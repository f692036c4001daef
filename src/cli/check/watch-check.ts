import type { Checker } from '../../compose/checker.ts';
import type { LookedBy } from '../../model/connection/look-way.ts';
import type { HostCheck } from '../../model/host/host-check.ts';
import type { HostSettings } from '../../model/settings/settings.ts';
import type { Words } from '../../words/index.ts';

/** Checks a monitored host once as the bot does, to report by which method it will be monitored. */
export async function watchCheck(
  host: HostSettings,
  tested: readonly HostCheck[],
  checker: Pick<Checker, 'look'>,
  words: Words,
): Promise<readonly HostCheck[]> {
  if (host.watch === null) return [];
  if (tested.some(({ result }) => result === 'failed')) return [{ what: 'watch', result: 'skipped', why: null }];
  const looked = await checker.look(host);
  return [{ what: 'watch', result: resultOf(host, looked), why: words.lookWay.lookedBy(looked) }];
}

/** A note if the URL in the config does not work. A method that the bot chooses itself needs no note. */
function resultOf({ watch }: HostSettings, { blindBecause, way }: LookedBy): HostCheck['result'] {
  if (blindBecause !== null) return 'failed';
  return watch?.url && way !== 'from-bot' ? 'note' : 'ok';
}
