import type { EndReason } from '../../model/record/end-reason.ts';
import { sentences } from '../sentences.ts';

/** Why a plan ended before it ran, or an incident before it was resolved, as a clause. */
export const endReason = sentences<EndReason>({
  'expired-before-run': () => '执行前有效期已过',
  'not-as-approved': () => '保存的内容与批准的内容不同；详情请用 registry-doctor audit verify 查看',
  'host-removed': () => '该主机已不在配置文件中',
  'other-place': () => '按现在的配置，Registry 在该主机上的另一个位置',
  'newer-diagnosis': () => '该主机有更新的诊断',
  'diagnosis-requested': () => '有人发起新的诊断',
  'narrower-chosen': () => '已改用范围更小的选项',
  'healthy-again': () => 'Registry 已恢复正常',
  'undo-requested': ({ planId }) => `有人发起对方案 ${planId} 的撤销`,
});
