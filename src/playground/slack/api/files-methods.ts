import { z } from 'zod';
import type { StandInState } from '../state.ts';
import type { SlackFile } from '../stores/file-store.ts';
import { answer, refuse } from './answer.ts';
import { Structure, Timestamp } from './arguments.ts';
import { findWritable } from './find-conversation.ts';
import { apiMethod } from './method.ts';

/** https://docs.slack.dev/reference/methods/files.getUploadURLExternal: `alt_txt_too_large`. */
const MAX_ALT_TEXT = 1_000;
/** Slack's limit for one file. */
const MAX_BYTES = 1024 ** 3;

/** The first of the two steps; between them the bytes go to the URL, without a token. */
export const filesGetUploadUrlExternal = apiMethod({
  name: 'files.getUploadURLExternal',
  token: 'bot',
  scopes: ['files:write'],
  takesJson: true,
  arguments: z.object({
    filename: z.string().min(1),
    length: z.coerce.number().int().min(0),
    alt_txt: z.string().optional(),
  }),
  call: ({ filename, length, alt_txt: altText = null }, state, baseUrl) => {
    // Slack's own description of this code: typically a length of 0.
    if (length === 0) return refuse('missing_argument');
    if (length > MAX_BYTES) return refuse('file_upload_size_restricted');
    if (altText !== null && altText.length > MAX_ALT_TEXT) return refuse('alt_txt_too_large');
    const file = state.files.announce({ name: filename, length, altText });
    return answer({ upload_url: state.uploadUrl(file.id, baseUrl), file_id: file.id });
  },
});

const Completed = z.array(z.object({ id: z.string(), title: z.string().optional() })).length(1);

/** Makes an uploaded file one that people see: as a message of its own in the channel or thread. */
export const filesCompleteUploadExternal = apiMethod({
  name: 'files.completeUploadExternal',
  token: 'bot',
  scopes: ['files:write'],
  takesJson: true,
  arguments: z.object({
    files: Structure.pipe(Completed),
    channel_id: z.string(),
    thread_ts: Timestamp.optional(),
    initial_comment: z.string().optional(),
  }),
  call: ({ files: [requested], channel_id: channelId, thread_ts: threadTs, initial_comment: comment = '' }, state) => {
    const file = requested === undefined ? undefined : state.files.find(requested.id);
    if (file === undefined) return refuse('file_not_found');
    if (file.bytes === null || file.isCompleted) return refuse('file_update_failed');
    const found = findWritable(channelId, state);
    if (found.kind === 'refused') return found.answer;
    const thread = threadTs === undefined ? null : state.messages.find(found.channel.id, threadTs);
    if (thread === undefined) return refuse('thread_not_found');
    const completed = state.files.complete(file, requested?.title);
    const place = { channel: found.channel.id, threadTs: thread?.ts ?? null, comment };
    state.files.share(() => shareFile(completed, place, state));
    // Slack shares it by a job of its own, so the answer has no message.
    return answer({ files: [{ id: completed.id, title: completed.title }] });
  },
});

type Place = { readonly channel: string; readonly threadTs: string | null; readonly comment: string };

function shareFile(file: SlackFile, { channel, threadTs, comment }: Place, state: StandInState): void {
  state.messages.post({
    channel,
    threadTs,
    user: state.workspace.app.botUserId,
    isBroadcast: false,
    text: comment,
    blocks: [],
    metadata: null,
    files: [file],
  });
}

/** Slack has switched off the method that took a file in one step. */
export const filesUpload = apiMethod({
  name: 'files.upload',
  token: 'bot',
  scopes: ['files:write'],
  takesJson: false,
  arguments: z.object({}),
  call: () => refuse('method_deprecated'),
});
