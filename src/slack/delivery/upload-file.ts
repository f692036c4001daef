import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { SlackFailure } from '../../model/record/messages/slack-failure.ts';
import type { PostDoubt } from '../../workflow/ports/messages.ts';
import { slackFailure } from '../connection/slack-failure.ts';
import { doubtAfter } from './post-doubt.ts';

/** A file as Slack is to show it. */
export type SlackFile = {
  /** Unique in its thread: by it the file is found again. */
  readonly name: string;
  readonly title: string;
  readonly bytes: Uint8Array;
  /** For those who can't see a picture. Null: it is text. */
  readonly altText: string | null;
};

export type Uploaded =
  | { readonly kind: 'uploaded'; readonly fileId: string }
  /** `fileId`: null if Slack has given none. */
  | { readonly kind: 'failed'; readonly why: SlackFailure; readonly doubt: PostDoubt; readonly fileId: string | null };

const TIMEOUT_MS = 30_000;
/** Slack refuses a longer one. */
const MAX_ALT_TEXT = 1_000;

const Announced = z.object({ upload_url: z.url({ protocol: /^https?$/ }), file_id: z.string().min(1) });

/**
 * Posts a file in a thread, in Slack's three calls. Until the last one nothing is visible, so only that one leaves a doubt.
 * Slack shows the file by a job of its own: after its answer the file might not be in the thread yet.
 */
export async function uploadFile(
  client: WebClient,
  place: { readonly channel: string; readonly threadTs: string },
  file: SlackFile,
): Promise<Uploaded> {
  let fileId: string;
  try {
    fileId = await sendBytes(client, file);
  } catch (error) {
    return { kind: 'failed', why: failureOf(error), doubt: 'not-posted', fileId: null };
  }
  try {
    const { channel, threadTs } = place;
    const files: [{ id: string; title: string }] = [{ id: fileId, title: file.title }];
    await client.files.completeUploadExternal({ files, channel_id: channel, thread_ts: threadTs });
    return { kind: 'uploaded', fileId };
  } catch (error) {
    const why = failureOf(error);
    return { kind: 'failed', why, doubt: doubtAfter(why), fileId };
  }
}

/** Resolves to the id of the file, which no one sees yet. */
async function sendBytes(client: WebClient, { name, bytes, altText }: SlackFile): Promise<string> {
  const alt = altText === null ? {} : { alt_txt: altText.slice(0, MAX_ALT_TEXT) };
  const announcement = { filename: name, length: bytes.length, ...alt };
  const announced = Announced.parse(await client.apiCall('files.getUploadURLExternal', announcement));
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const body = new Blob([new Uint8Array(bytes)]);
  const response = await fetch(announced.upload_url, { method: 'POST', body, signal, redirect: 'error' });
  await response.body?.cancel();
  if (response.status !== 200) throw new UploadRefused(response.status);
  return announced.file_id;
}

/** The place for the bytes is no method of the Web API: it answers with a status only. */
class UploadRefused extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`the upload was answered with ${status}`);
    this.status = status;
  }
}

function failureOf(error: unknown): SlackFailure {
  if (!(error instanceof UploadRefused)) return slackFailure(error);
  return { kind: 'no-answer', why: { code: 'http-status', status: error.status } };
}
