/** What people typed, out of Slack's markup: a link becomes the words that it shows. */
export function typedText(mrkdwn: string): string {
  return mrkdwn
    .replace(/<(?:https?|mailto|tel|ftp):[^<>|]{0,3000}\|([^<>|]{0,3000})>/g, '$1')
    .replace(/<((?:https?|mailto|tel|ftp):[^<>|]{0,3000})>/g, '$1')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}
