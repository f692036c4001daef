import type { FindingOf } from '../../model/diagnosis/finding.ts';
import type { FindingContext, FindingWords, WordsById } from '../finding-words.ts';
import { path, quoted } from '../from-host.ts';
import { code, say } from '../phrase.ts';
import { subjectAtStart } from './finding-words.ts';

/** Words for what is wrong where the registry's process sees another tree than the host. */
export const NAMESPACE_WORDS = {
  'other-mount-namespace': { headline: 'Registry 在自己的挂载命名空间中运行', words: otherMountNamespace },
  'container-sees-old-mount': { headline: null, words: containerSeesOldMount },
  'looked-from-inside': { headline: null, words: lookedFromInside },
} satisfies Partial<WordsById>;

function otherMountNamespace({ pid }: FindingOf<'other-mount-namespace'>, { host }: FindingContext): FindingWords {
  return {
    title: say`Registry 看到的挂载与主机不同，我无法检查它们`,
    because: say`它的进程（pid ${pid}）有自己的挂载命名空间，例如在容器中。同一路径在那里可能通向别处，所以关于它的存储，没有任何结论得到证实。`,
    remedy: say`为 ${host} 上的登录用户配置 sudo，我就能在该进程的命名空间内检查（${code(`registry-doctor host setup ${host}`)} 会打印需要安装的内容）。或让我在它的容器内运行：在 Registry Doctor 的配置中设置 ${code('enter')}，例如 ${code('enter: [docker, exec, -i, NAME]')}。`,
  };
}

function containerSeesOldMount(
  finding: FindingOf<'container-sees-old-mount'>,
  { service }: FindingContext,
): FindingWords {
  const { path: place, pid, coveredAt, mountPoint, source, filesystem } = finding;
  return {
    title: say`${subjectAtStart(service)} 的进程在磁盘挂载之前启动，看到的仍是挂载点下面的目录`,
    because: say`在主机上，${path(mountPoint)} 现在是 ${quoted(source)}（${quoted(filesystem)}）。而该进程（pid ${pid}）的 ${path(place)} 还是挂载之前的：即现在被挂载盖住的目录 ${path(coveredAt)}。它写到那里，看不到磁盘上的镜像；镜像没有丢失。`,
    remedy: say`磁盘现已挂载，请重启它：${code('docker restart NAME')}；如果是有自己挂载的服务，用 ${code('systemctl restart UNIT')}。让它在挂载之后启动（在它的单元中写 ${code(`RequiresMountsFor=`)}），并检查 ${path(coveredAt)} 中是否有这期间写入的镜像。修改权限没有用。`,
  };
}

function lookedFromInside(
  { path: root, enteredBy, mount }: FindingOf<'looked-from-inside'>,
  { host }: FindingContext,
): FindingWords {
  const source = mount
    ? say`${path(root)} 在那里位于 ${path(mount.mountPoint)}，即文件系统 ${quoted(mount.source)} 的目录 ${quoted(mount.directory)}。`
    : [];
  return {
    title: say`这里的所有路径都是容器内的路径，不是 ${host} 上的`,
    because: say`我通过 ${quoted(enteredBy.join(' '))} 检查，修改也会通过它进行。${source}`,
    remedy: say`如需从 ${host} 本身检查、并使用主机自己的路径，从配置中删除 ${code('enter')}。`,
  };
}
