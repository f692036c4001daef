import type { Evidence, EvidenceId } from '../../model/diagnosis/why-now.ts';
import { shownWords } from '../from-host.ts';
import { grouped } from '../moment.ts';
import { code, type Phrase, type Run, say } from '../phrase.ts';
import { visiblePath } from '../visible-text.ts';
import { duration } from './time.ts';

/** A piece of evidence, or what is missing of it, as a clause without a full stop. `bootedAt`: null where it is not known. */
export function evidenceClause(evidence: Evidence, bootedAt: number | null): Phrase {
  return CLAUSES[evidence.id](evidence, bootedAt);
}

/** A moment of the host's own clock. */
export function moment(at: number): Run {
  const date = new Date(at * 1000);
  if (Number.isNaN(date.getTime())) return { kind: 'text', text: '不可能存在的时间' };
  return { kind: 'time', at: date.toISOString(), precision: 'date-and-time' };
}

const MAX_PATH = 120;

/** A path of any length, by its end. */
export function shownPath(path: Evidence['path']): Run {
  if (path === null) return { kind: 'text', text: '某个目录' };
  const visible = visiblePath(path);
  return code(visible.length > MAX_PATH ? `…${visible.slice(-MAX_PATH)}` : visible);
}

type Clause = (evidence: Evidence, bootedAt: number | null) => Phrase;

const CLAUSES: Record<EvidenceId, Clause> = {
  'attributes-changed-after-boot': (of, bootedAt) =>
    say`${shownPath(of.path)} 的权限位、属主或 ACL 在 ${when(of)}${sinceBoot(of, bootedAt)}被修改过`,
  'changed-after-boot': (of, bootedAt) =>
    say`${shownPath(of.path)} 最后一次变更在 ${when(of)}${sinceBoot(of, bootedAt)}，也许只是其中有条目增减`,
  'attributes-changed-since-good-access': (of) =>
    say`${shownPath(of.path)} 的权限位、属主或 ACL 在 ${when(of)} 被修改过，晚于最后一次成功提供镜像`,
  'changed-since-good-access': (of) =>
    say`${shownPath(of.path)} 最后一次变更在 ${when(of)}，晚于最后一次成功提供镜像，也许只是其中有条目增减`,
  'changed-before-boot': (of) =>
    of.at === null
      ? say`不知道启动时间，${shownPath(of.path)} 的最后变更时间就不能说明什么`
      : say`${shownPath(of.path)} 自 ${when(of)} 起未再变更，早于本次启动`,
  'changed-before-good-access': (of) => say`${shownPath(of.path)} 自 ${when(of)} 起未再变更，之后还成功提供过镜像`,
  'changed-after-fault': (of) => say`${shownPath(of.path)} 在 ${when(of)} 又被修改过，晚于故障开始`,
  'made-after-boot': (of, bootedAt) =>
    say`${shownPath(of.path)} 在本次启动之后创建，最后一次变更在 ${when(of)}${sinceBoot(of, bootedAt)}`,
  'footprint-hides-times': (of) =>
    say`有人把 ${shownPath(of.path)} 设为所有人可写，因此它及其以下的变更时间只能说明这一点`,
  'mode-command': (of) => say`日志显示 ${when(of)} 执行过：${words(of)}`,
  'mount-command': (of) => say`日志显示 ${when(of)} 执行过：${words(of)}`,
  'account-changed': (of) => say`日志在 ${when(of)} 记录：${words(of)}`,
  'package-changed': (of) => say`软件包日志在 ${when(of)} 记录：${words(of)}`,
  reconfigured: (of) => say`${code('gitlab-ctl reconfigure')} 在 ${when(of)} 执行过`,
  'file-changed-since-old-start': (of) =>
    say`${shownPath(of.path)} 最后一次变更在 ${when(of)}，晚于本次启动之前的 Registry 启动时间`,
  'file-changed-since-previous-boot': (of) => say`${shownPath(of.path)} 最后一次变更在 ${when(of)}，晚于上一次启动`,
  'file-changed-after-fault': (of) => say`${shownPath(of.path)} 在 ${when(of)} 被修改过，晚于故障开始`,
  'files-older-than-old-start': (of) => say`${shownPath(of.path)} 自 ${when(of)} 起未再变更，早于旧进程启动`,
  'link-made-after-boot': (of, bootedAt) =>
    say`符号链接 ${shownPath(of.path)} 创建于 ${when(of)}${sinceBoot(of, bootedAt)}`,
  'link-made-since-good-access': (of) =>
    say`符号链接 ${shownPath(of.path)} 创建于 ${when(of)}，晚于最后一次成功提供镜像`,
  'link-older-than-good-access': (of) =>
    say`符号链接 ${shownPath(of.path)} 在 ${when(of)} 已经存在，之后还成功提供过镜像`,
  'mount-not-in-fstab': (of) => say`${words(of)} 挂载在 ${shownPath(of.path)}，但 fstab 和 systemd 单元中都没有它`,
  'mounted-for-one-user': (of) => say`${shownPath(of.path)} 是桌面环境只为某一个用户挂载磁盘的位置`,
  'was-mounted-before-boot': (of) =>
    say`本次启动之前的日志显示 ${shownPath(of.path)} 已挂载（${words(of)}），现在那里没有任何挂载`,
  'mounted-by-fstab-before-boot': (of) => say`上一次启动时 ${shownPath(of.path)} 也由系统挂载，所依据的 fstab 此后未变`,
  'fstab-not-mounted': (of) => say`fstab 要求在 ${shownPath(of.path)} 挂载磁盘，但那里未挂载`,
  'mount-failed': (of) => say`${at(of)}挂载 ${shownPath(of.path)} 失败：${words(of)}`,
  'mounted-after-service-start': (of) => say`${shownPath(of.path)} 在 ${when(of)} 挂载，晚于 Registry 启动`,
  'mounted-and-still-failing': (of) => say`${shownPath(of.path)} 现在已挂载，但 Registry 仍有故障`,
  'same-mount-namespace': () => say`Registry 看到的就是主机自己的挂载`,
  'other-mount-namespace': () => say`Registry 有自己的挂载`,
  'mount-of-host-unknown-to-process': (of) =>
    say`主机在 ${shownPath(of.path)} 挂载 ${words(of)}，而 Registry 的进程看不到它`,
  'security-denial': (of) => say`日志在 ${when(of)} 记录：${words(of)}`,
  'security-module-told': () => say`现在拒绝访问的就是安全模块`,
  'security-module-off': (of) => (of.text === 'absent' ? say`SELinux 未启用` : say`SELinux 的状态是 ${words(of)}`),
  'security-module-on': (of) => say`${words(of)} 对 Registry 生效，但日志中没有它拒绝访问的记录`,
  'boot-job-names-it': (of) => say`${words(of)} 设置的正是 ${shownPath(of.path)} 现在的状态`,
  'boot-job-sets-otherwise': (of) => say`${words(of)} 会设置的权限位或属主与现在的不同`,
  'no-boot-job-names-it': () => say`tmpfiles 配置、开机任务和 systemd 单元都不涉及这些目录`,
  repaired: (of) => say`日志在 ${when(of)} 记录：${words(of)}`,
  'nothing-repaired': () => say`本次启动的内核日志中没有修复记录`,
  'checked-and-clean': (of) => say`在 ${when(of)} 检查过，没有错误：${words(of)}`,
  'unstable-device-name': (of) =>
    say`fstab 用 ${words(of)} 指定 ${shownPath(of.path)} 的磁盘，内核每次启动都会重新分配这个名称`,
  'stable-device-name': (of) => say`fstab 用 ${words(of)} 指定 ${shownPath(of.path)} 的磁盘，这个名称与磁盘的顺序无关`,
  'images-are-there': () => say`存储根目录之下有镜像，说明磁盘是对的`,
  'health-check-off': () => say`Registry 自己的存储健康检查已关闭`,
  'nobody-used-it': (of) => say`Registry 的日志从 ${when(of)} 起没有成功的请求`,
  'good-access-after-change': (of) => say`${when(of)} 成功提供过镜像，说明当时存储可用`,
  'boot-time': () => say`主机的启动时间`,
  'last-good-access': (of) =>
    of.at === null ? say`最后一次成功提供镜像的时间` : say`最后一次成功提供镜像在 ${when(of)}`,
  'later-good-access': () => say`最后一次变更之后是否成功提供过镜像`,
  'who-changed-it': () => say`是谁改的、怎么改的（日志中没有记录）`,
  'change-time': () => say`拒绝访问的条目最后一次变更的时间`,
  'birth-time': (of) => say`${shownPath(of.path)} 的创建时间（所在文件系统不提供）`,
  'previous-boot-log': () => say`上一次启动的日志`,
  'old-start': () => say`本次启动之前 Registry 的启动时间`,
  'process-start': () => say`Registry 进程的启动时间`,
  'file-times': () => say`起决定作用的文件最后一次变更的时间`,
  fstab: () => say`fstab 的内容`,
  'mount-table': () => say`那里挂载的是哪块磁盘`,
  'mount-units': () => say`系统的挂载单元的内容`,
  'mount-time': () => say`磁盘的挂载时间`,
  'process-namespace': () => say`Registry 看到的是否是主机自己的挂载`,
  'security-state': () => say`SELinux 或 AppArmor 是否启用`,
  'security-log': () => say`日志中是否有拒绝 Registry 访问的记录`,
  'boot-jobs': () => say`哪些开机任务会设置那里的权限位`,
  'kernel-log': () => say`本次启动的内核日志`,
  'earlier-change': () => say`在此之前是否也变更过（后来的变更会掩盖它）`,
  'earlier-log': () => say`从何时开始返回错误（Registry 的日志一开始就是错误）`,
  'clock-stepped': (of) => say`时钟在 ${when(of)} 被重设：${words(of)}`,
  'clock-ahead': (of) => say`主机的时钟${offBy(of)}`,
  'boot-times-differ': (of) =>
    say`日志（${words(of)}）中最近一次启动在 ${when(of)}，而内核算出的是另一个时间：之后时钟被重设过，或那是更早的一次启动`,
  'time-in-the-future': (of) => say`${shownPath(of.path)} 的变更时间还未到来：${when(of)}`,
  'process-before-boot': (of) => say`Registry 的进程似乎启动于 ${when(of)}，早于本次启动`,
  'fault-before-boot': (of) => say`Registry 从 ${when(of)} 开始返回错误，早于本次启动：因此故障不是重启本身引起的`,
};

function when({ at: seconds }: Evidence): Run {
  return seconds === null ? { kind: 'text', text: '未知的时间' } : moment(seconds);
}

/** ` 在 14:02 ` or nothing, before the verb. */
function at(of: Evidence): Phrase {
  return of.at === null ? [] : say`在 ${when(of)} `;
}

function words({ text }: Evidence): Run {
  return shownWords(text ?? '?');
}

/** In brackets after a moment, so that a clause can go on after it. */
function sinceBoot({ at: seconds }: Evidence, bootedAt: number | null): string {
  if (seconds === null || bootedAt === null) return '（重启之后）';
  if (seconds < bootedAt) return '（主机启动前后）';
  return `（重启后 ${duration((seconds - bootedAt) * 1000)}）`;
}

function offBy({ text }: Evidence): string {
  const seconds = Number.parseInt(text ?? '', 10);
  if (Number.isNaN(seconds)) return '与机器人的不一致';
  return `${seconds < 0 ? '慢' : '快'} ${grouped(Math.abs(seconds))} 秒`;
}
