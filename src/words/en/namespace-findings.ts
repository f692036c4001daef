import type { FindingOf } from '../../model/diagnosis/finding.ts';
import type { FindingContext, FindingWords, WordsById } from '../finding-words.ts';
import { path, quoted } from '../from-host.ts';
import { code, say } from '../phrase.ts';
import { subjectAtStart } from './finding-words.ts';

/** Words for what is wrong where the registry's process sees another tree than the host. */
export const NAMESPACE_WORDS = {
  'other-mount-namespace': {
    headline: 'the registry runs in a mount namespace of its own',
    words: otherMountNamespace,
  },
  'container-sees-old-mount': { headline: null, words: containerSeesOldMount },
  'looked-from-inside': { headline: null, words: lookedFromInside },
} satisfies Partial<WordsById>;

function otherMountNamespace({ pid }: FindingOf<'other-mount-namespace'>, { host }: FindingContext): FindingWords {
  return {
    title: say`The registry sees other mounts than the host, and I couldn’t check them`,
    because: say`Its process (pid ${pid}) has its own mount namespace, as in a container. A path can lead elsewhere there, so nothing is proven about its storage.`,
    remedy: say`If the login on ${host} has sudo, I can check from inside the process’s namespace (${code(`registry-doctor host setup ${host}`)} prints what to install). Or let me run inside its container: set ${code('enter')} in Registry Doctor’s config, for example ${code('enter: [docker, exec, -i, NAME]')}.`,
  };
}

function containerSeesOldMount(
  finding: FindingOf<'container-sees-old-mount'>,
  { service }: FindingContext,
): FindingWords {
  const { path: place, pid, coveredAt, mountPoint, source, filesystem } = finding;
  return {
    title: say`${subjectAtStart(service)} was started before its disk was mounted, and still sees the directory under the mount point`,
    because: say`On the host, ${path(mountPoint)} is ${quoted(source)} (${quoted(filesystem)}) now. The process (pid ${pid}) has ${path(place)} from before: the directory ${path(coveredAt)} that the mount now covers. It writes there, and can’t see the images on the disk; they are not lost.`,
    remedy: say`Restart it, now that the disk is mounted: ${code('docker restart NAME')}, or ${code('systemctl restart UNIT')} for a service with its own mounts. Make it start after the mount (${code(`RequiresMountsFor=`)} in its unit), and check ${path(coveredAt)} for images that were written there in the meantime. No change of permissions helps.`,
  };
}

function lookedFromInside(
  { path: root, enteredBy, mount }: FindingOf<'looked-from-inside'>,
  { host }: FindingContext,
): FindingWords {
  const source = mount
    ? say` ${path(root)} is on ${path(mount.mountPoint)} there, which is the directory ${quoted(mount.directory)} of the filesystem ${quoted(mount.source)}.`
    : [];
  return {
    title: say`Every path here is one inside the container, not on ${host}`,
    because: say`I checked, and would change things, through ${quoted(enteredBy.join(' '))}.${source}`,
    remedy: say`To check from ${host} itself, with its own paths too, remove ${code('enter')} from the config.`,
  };
}
