import type { ChannelId, HostName } from '../../model/record/ids.ts';
import { bold, type Phrase, say } from '../phrase.ts';

/** The form that asks for a host. Titles and buttons have at most 24 characters. */
export const FORM = {
  title: 'Diagnose a registry',
  label: 'Host',
  placeholder: 'Choose a host',
  submit: 'Diagnose',
  close: 'Cancel',
  done: 'Close',
  /** Over the hosts that the message names, and over all of them. */
  named: 'In the message',
  all: 'All hosts',
} as const;

/** What a diagnosis is, and where its incident will be. */
export function explanation(channel: ChannelId): Phrase {
  return say`I check the registry on that host and post what’s broken and why in ${{ kind: 'channel', channel }}. Nothing changes without approval.`;
}

/** Why the form is open, if a message did not name exactly one host. `named`: how many it did. */
export function namedHosts(named: number): Phrase {
  if (named === 0) return say`I found no host of the config in that message.`;
  return say`That message names ${named} hosts.`;
}

/** Stands in the form once it was sent, before anything was checked. */
export function sent(host: HostName, channel: ChannelId): Phrase {
  return say`${bold('Requesting:')} a diagnosis of ${host} in ${{ kind: 'channel', channel }}. If it can’t start, this form says why.`;
}

/** Slack gives three seconds for opening a form. */
export function notOpened(): Phrase {
  return say`I couldn’t open the form in time. Nothing was started. Try again.`;
}
