import { code, say } from '../phrase.ts';
import {
  type Around,
  type FindingOf,
  type FindingWords,
  path,
  quoted,
  subjectAtStart,
  type WordsById,
} from './finding-words.ts';

/** Words for what is wrong where the registry's process sees another tree than the host. */
export const NAMESPACE_WORDS = {
  'other-mount-namespace': {
    headline: 'the registry runs in a mount namespace of its own',
    words: otherMountNamespace,
  },
  'container-sees-old-mount': { headline: null, words: containerSeesOldMount },
  'looked-from-inside': { headline: null, words: lookedFromInside },
} satisfies Partial<WordsById>;

function otherMountNamespace({ pid }: FindingOf<'other-mount-namespace'>, { host }: Around): FindingWords {
  return {
    title: say`The registry sees other mounts than the host does, and I could not look at them`,
    because: say`Its process (pid ${pid}) has a mount namespace of its own, as in a container. A path may lead it elsewhere, so nothing is proven of its storage.`,
    remedy: say`With sudo for the login on ${host} I look from where the process stands (${code(`registry-doctor host setup ${host}`)} prints what to install). Or let me run inside its container: ${code('enter')} in the config of Registry Doctor, as in ${code('enter: [docker, exec, -i, NAME]')}.`,
  };
}

function containerSeesOldMount(finding: FindingOf<'container-sees-old-mount'>, { service }: Around): FindingWords {
  const { path: place, pid, coveredAt, mountPoint, source, filesystem } = finding;
  return {
    title: say`${subjectAtStart(service)} was started before its disk was mounted, and still sees what lies under the mount`,
    because: say`On the host, ${path(mountPoint)} is ${quoted(source)} (${quoted(filesystem)}) now. The process (pid ${pid}) has ${path(place)} from before: the directory ${path(coveredAt)} that the mount covers. What it writes goes there, and the images on the disk are out of its sight, not lost.`,
    remedy: say`Start it again, now that the disk is mounted: ${code('docker restart NAME')}, or ${code('systemctl restart UNIT')} for a service with mounts of its own. Let it start after the mount from now on (${code(`RequiresMountsFor=`)} in its unit), and look into ${path(coveredAt)} for what was written there meanwhile. No change of modes helps.`,
  };
}

function lookedFromInside(
  { path: root, enteredBy, mount }: FindingOf<'looked-from-inside'>,
  { host }: Around,
): FindingWords {
  const source = mount
    ? say` ${path(root)} is on ${path(mount.mountPoint)} there, which is the directory ${quoted(mount.directory)} of the filesystem ${quoted(mount.source)}.`
    : [];
  return {
    title: say`Every path here is as it is inside, not as ${host} has it`,
    because: say`I looked, and would change things, through ${quoted(enteredBy.join(' '))}.${source}`,
    remedy: say`To look from ${host} itself, by its own paths as well, leave ${code('enter')} out of the config.`,
  };
}
