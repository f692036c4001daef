/** `audit stream`. */

export function endsBefore(last: number, newest: number): string {
  return `The record ends with entry ${newest}, before entry ${last} that was streamed already: it is an older copy, or its end was cut off. Nothing more was streamed. Run \`registry-doctor audit verify\` and compare the record with the Slack threads.`;
}
