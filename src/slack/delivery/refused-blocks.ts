import { WebAPIPlatformError } from '@slack/web-api';

const POINTER = /\[json-pointer:\/blocks\/(\d+)/g;

/** The places of the blocks that Slack names as refused. Empty: it names none. */
export function refusedBlocksIn(error: unknown): readonly number[] {
  if (!(error instanceof WebAPIPlatformError)) return [];
  const said = (error.data.response_metadata?.messages ?? []).join(' ');
  return [...new Set([...said.matchAll(POINTER)].map(([, index]) => Number(index)))];
}
