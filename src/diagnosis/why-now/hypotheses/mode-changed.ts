import type { Evidence } from '../../../model/diagnosis/why-now.ts';
import { knownValue } from '../../../model/fact.ts';
import type { PresentNode } from '../../../model/host/facts.ts';
import { evidence } from '../evidence.ts';
import { eventsOf, type FaultContext, isAfter, unchangedSinceGoodAccess } from '../fault-context.ts';
import { type Assessment, type JudgeHypothesis, refuted, supported, undecided } from '../judged-hypothesis.ts';

/**
 * Hypothesis: the mode, owner or ACL of a directory on the path was changed near the boot or after it. A ctime changes
 * with any change of a file's attributes, and on a directory also with added or removed entries (inode(7)), so it is
 * the latest time of the last change. If the directory that denies access is older than the last good access, this is
 * excluded. If it changed after the first sign of the fault, what was before is hidden.
 */
export const modeChanged: JudgeHypothesis = (context) => {
  if (context.fault !== 'denied') return null;
  if (context.blockers.length === 0) return undecided([], [evidence('change-time')]);
  const unchanged = unchangedSinceGoodAccess(context);
  if (unchanged.length > 0) {
    return refuted([
      ...unchanged.map(({ path, changedAt: at }) => evidence('changed-before-good-access', { at, path })),
      evidence('last-good-access', { at: context.lastGood }),
    ]);
  }
  const judged = context.blockers.map((blocker) => judgeBlocker(context, blocker));
  const commands = commandsOn(context);
  if (judged.some(({ standing }) => standing === 'supported')) return combined(context, judged, commands);
  return undecided(
    [...judged.flatMap((one) => one.evidence), ...footprint(context), ...commands],
    once(judged.flatMap((one) => one.missing)),
  );
};

function combined(context: FaultContext, judged: readonly Assessment[], commands: readonly Evidence[]): Assessment {
  const found = judged.filter(({ standing }) => standing === 'supported');
  const others = judged.filter(({ standing }) => standing !== 'supported');
  // The bad answers might have begun before the log does, and so before the change.
  const mayBeLater = context.firstBad !== null && !context.firstBadIsFirst;
  const explainsAll = others.length === 0;
  const isProbable = commands.length > 0 || found.some(({ strength }) => strength === 'strong');
  const isStrong = explainsAll && isProbable && !mayBeLater;
  const changes = found.flatMap((one) => one.evidence);
  return supported(
    isStrong ? 'strong' : 'weak',
    [...changes, ...commands, ...others.flatMap((one) => one.evidence), ...footprint(context)],
    [
      ...(commands.length > 0 ? [] : [evidence('who-changed-it')]),
      ...(mayBeLater ? [evidence('earlier-log')] : []),
      ...(context.lastGood === null ? [evidence('last-good-access')] : []),
    ],
  );
}

function judgeBlocker(context: FaultContext, blocker: PresentNode): Assessment {
  const { bootedAt, firstBad, lastGood, slack } = context;
  const { path, changedAt: at } = blocker;
  if (firstBad !== null && isAfter(context, at, firstBad)) {
    return undecided([evidence('changed-after-fault', { at, path })], [evidence('earlier-change')]);
  }
  const strength = wereAttributesSet(blocker) ? 'strong' : 'weak';
  if (bootedAt !== null && at >= bootedAt - slack) {
    if (strength === 'strong') return supported(strength, [evidence('attributes-changed-after-boot', { at, path })]);
    if (!wasMadeSince(blocker, bootedAt - slack))
      return supported('weak', [evidence('changed-after-boot', { at, path })]);
    return supported('strong', [evidence('made-after-boot', { at, path })]);
  }
  if (lastGood !== null) {
    const id = strength === 'strong' ? 'attributes-changed-since-good-access' : 'changed-since-good-access';
    return supported(strength, [evidence(id, { at, path })]);
  }
  if (bootedAt === null) return undecided([evidence('changed-before-boot', { path })], [evidence('boot-time')]);
  return undecided([evidence('changed-before-boot', { at, path })], [evidence('last-good-access')]);
}

/**
 * Whether the last change set attributes. A ctime without the same mtime means a new mode, owner, ACL, name or link,
 * because an added or removed entry changes both (inode(7)).
 */
function wereAttributesSet({ changedAt, modifiedAt }: PresentNode): boolean {
  const modified = knownValue(modifiedAt);
  return modified !== null && changedAt > modified;
}

function wasMadeSince({ bornAt }: PresentNode, from: number): boolean {
  const born = knownValue(bornAt);
  return born !== null && born >= from;
}

/**
 * Commands in the logs that someone ran, before the fault appeared, on a directory that denies access, or with `-R`
 * above it.
 */
function commandsOn(context: FaultContext): readonly Evidence[] {
  const { blockers, firstBad } = context;
  return eventsOf(context, 'mode-command')
    .filter(({ at }) => firstBad === null || !isAfter(context, at, firstBad))
    .filter(({ path, text }) => path !== null && blockers.some((blocker) => reaches(path, text, blocker.path)))
    .filter(({ at }) => context.lastGood === null || !isAfter(context, context.lastGood, at))
    .slice(-2)
    .map(({ at, path, text }) => evidence('mode-command', { at, path, text }));
}

function reaches(path: string, text: string, blocker: string): boolean {
  if (path === blocker) return true;
  const isRecursive = / -[A-Za-z]*R| --recursive/.test(text);
  return isRecursive && blocker.startsWith(path === '/' ? path : `${path}/`);
}

/** The evidence of a `chmod -R 777`. After one, the ctimes below the storage root show only that command. */
function footprint({ facts }: FaultContext): readonly Evidence[] {
  const contents = knownValue(facts.contents);
  if (contents === null || contents.worldWritable.entries === 0) return [];
  return [evidence('footprint-hides-times', { path: knownValue(facts.storageRoot) })];
}

function once(missing: readonly Evidence[]): readonly Evidence[] {
  return [...new Map(missing.map((one) => [one.id, one])).values()];
}
