import type { ChannelId, HostName } from '../../model/record/ids.ts';
import type * as English from '../en/diagnose-form.ts';
import { bold, type Phrase, say } from '../phrase.ts';

/** The form that asks for a host. Titles and buttons have at most 24 characters. */
export const FORM: Readonly<Record<keyof typeof English.FORM, string>> = {
  title: '诊断 Registry',
  label: '主机',
  placeholder: '选择主机',
  submit: '诊断',
  close: '取消',
  done: '关闭',
  named: '消息中提到的主机',
  all: '所有主机',
};

/** What a diagnosis is, and where its incident will be. */
export function explanation(channel: ChannelId): Phrase {
  return say`我会检查该主机上的 Registry，并把哪里出故障、为什么发到 ${{ kind: 'channel', channel }} 频道。未经批准不会做任何修改。`;
}

/** Why the form is open, if a message did not name exactly one host. `named`: how many it did. */
export function namedHosts(named: number): Phrase {
  if (named === 0) return say`这条消息中没有配置里的主机。`;
  return say`这条消息提到 ${named} 台主机。`;
}

/** Stands in the form once it was sent, before anything was checked. */
export function sent(host: HostName, channel: ChannelId): Phrase {
  return say`${bold('正在发起：')}诊断 ${host}，结果会发到 ${{ kind: 'channel', channel }} 频道。如果无法开始，此表单会说明原因。`;
}

/** Slack gives three seconds for opening a form. */
export function notOpened(): Phrase {
  return say`未能及时打开表单，未开始任何诊断。请重试。`;
}
