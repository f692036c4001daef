import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SlackUnread } from '../../../src/model/record/messages/slack-failure.ts';
import type { RecordProblem } from '../../../src/model/record/record.ts';
import { type ShownMessage, type SlackPost, SlackWalk } from '../../../src/record/check/slack-reading.ts';

const CHANNEL = 'C0INCIDENTS';
const ENTRIES = ['a', 'b', 'c'].map((hash, index) => ({ sequence: index + 1, hash: `sha256:${hash.repeat(64)}` }));
const [FIRST = assert.fail(), SECOND = assert.fail(), THIRD = assert.fail()] = ENTRIES;

const message = (key: string, ts: string | null, change: Partial<ShownMessage> = {}): ShownMessage => ({
  ...{ key, kind: 'verdict', channel: CHANNEL, ts, thread: key === 'status' ? null : '1.0' },
  ...{ sequence: null, shown: `words of ${key}`, isCurrent: true },
  ...change,
});
const post = (key: string, ts: string, change: Partial<SlackPost> = {}): SlackPost => ({
  ...{
    channel: CHANNEL,
    ts,
    keys: [key],
    marks: [],
    shown: `words of ${key}`,
    isEdited: false,
    hasAttachment: false,
    checkpoints: [],
  },
  ...change,
});

const STATUS = message('status', '1.0');
const LINE = message('line', '1.1', { kind: 'record', sequence: 2 });
const MESSAGES = [STATUS, LINE];
const STATUS_POST = post('status', '1.0', { isEdited: true });
const LINE_POST = post('line', '1.1', { marks: [FIRST, SECOND] });
const POSTS = [STATUS_POST, LINE_POST];

const CASES: readonly {
  readonly title: string;
  readonly entries?: typeof ENTRIES;
  readonly before?: readonly ShownMessage[];
  readonly now?: readonly ShownMessage[];
  readonly posts?: readonly SlackPost[];
  readonly unread?: readonly SlackUnread[];
  readonly problems: readonly RecordProblem[];
}[] = [
  { title: 'posts as the bot left them agree', problems: [] },
  {
    title: 'a deleted post is named with its entry',
    posts: [STATUS_POST],
    problems: [{ kind: 'post-missing', key: 'line', sequence: 2 }],
  },
  {
    title: 'other words in a post are named with its entry',
    posts: [STATUS_POST, { ...LINE_POST, shown: 'words of someone else' }],
    problems: [{ kind: 'post-edited', key: 'line', sequence: 2, ts: '1.1' }],
  },
  {
    title: 'an edit of a post that the bot never edits is named, whatever it says now',
    posts: [STATUS_POST, { ...LINE_POST, isEdited: true }],
    problems: [{ kind: 'post-edited', key: 'line', sequence: 2, ts: '1.1' }],
  },
  {
    title: 'an entry that a post tells and the record has cut off is named',
    entries: ENTRIES.slice(0, 1),
    problems: [{ kind: 'tail-missing', last: 1, writtenUpTo: 2, witness: { kind: 'slack', ts: '1.1' } }],
  },
  {
    title: 'an older copy of the record, which does not have the message, is named by the post',
    entries: ENTRIES.slice(0, 1),
    before: [STATUS],
    now: [STATUS],
    problems: [{ kind: 'tail-missing', last: 1, writtenUpTo: 2, witness: { kind: 'slack', ts: '1.1' } }],
  },
  {
    title: 'the first entry that a post tells otherwise is named',
    entries: [FIRST, { ...SECOND, hash: THIRD.hash }, THIRD],
    problems: [{ kind: 'contradicted', sequence: 2, witness: { kind: 'slack', ts: '1.1' } }],
  },
  {
    title: 'a post of the bot that is not on record is named by its place',
    posts: [...POSTS, post('forged', '1.2')],
    problems: [{ kind: 'post-unknown', channel: CHANNEL, ts: '1.2' }],
  },
  {
    title: 'a post of the bot without a mark is named by its place',
    posts: [...POSTS, post('', '1.2', { keys: [] })],
    problems: [{ kind: 'post-unknown', channel: CHANNEL, ts: '1.2' }],
  },
  {
    title: 'a made-up post that is marked with a true entry is named by its place',
    posts: [...POSTS, post('forged', '1.2', { marks: [SECOND] })],
    problems: [{ kind: 'post-unknown', channel: CHANNEL, ts: '1.2' }],
  },
  {
    title: 'a second post of a message is named by its place',
    posts: [...POSTS, { ...STATUS_POST, ts: '1.2' }],
    problems: [{ kind: 'post-unknown', channel: CHANNEL, ts: '1.2' }],
  },
  {
    title: 'an older second post of a line that is posted once is named by its place',
    posts: [...POSTS, { ...LINE_POST, ts: '1.05' }],
    problems: [{ kind: 'post-unknown', channel: CHANNEL, ts: '1.05' }],
  },
  {
    title: 'an older post of a message that Slack let no one edit any more, and that was posted again, is not named',
    before: [{ ...STATUS, ts: '1.2' }, LINE],
    posts: [STATUS_POST, { ...STATUS_POST, ts: '1.2' }, LINE_POST],
    problems: [],
  },
  {
    title: 'an attachment that someone added to a post is named with its entry',
    posts: [STATUS_POST, { ...LINE_POST, hasAttachment: true }],
    problems: [{ kind: 'post-edited', key: 'line', sequence: 2, ts: '1.1' }],
  },
  {
    title: 'a post that lost its mark is named, and a file, which has none, is not',
    before: [STATUS, message('file', '1.3', { kind: 'file', shown: null })],
    posts: [{ ...STATUS_POST, keys: [] }, post('file', '1.3', { keys: [] })],
    problems: [{ kind: 'post-edited', key: 'status', sequence: null, ts: '1.0' }],
  },
  {
    title: 'what the bot posts while Slack is read is not judged',
    now: [...MESSAGES, message('later', null)],
    posts: [...POSTS, post('later', '1.3')],
    problems: [],
  },
  {
    title: 'what the bot edits while Slack is read is not judged',
    now: [{ ...STATUS, shown: 'newer words' }, LINE],
    posts: [{ ...STATUS_POST, shown: 'newer words' }, LINE_POST],
    problems: [],
  },
  {
    title: 'a message whose newest form waits for Slack is not judged by its words',
    before: [{ ...STATUS, isCurrent: false }, LINE],
    posts: [{ ...STATUS_POST, shown: 'older words' }, LINE_POST],
    problems: [],
  },
  {
    title: 'a thread that Slack did not show is not judged',
    posts: [STATUS_POST],
    unread: [{ channel: CHANNEL, thread: '1.0', why: { kind: 'refused', code: 'not_in_channel' } }],
    problems: [],
  },
];

for (const {
  title,
  entries = ENTRIES,
  before = MESSAGES,
  now = before,
  posts = POSTS,
  unread = [],
  problems,
} of CASES) {
  test(`audit verify with Slack: ${title}`, () => {
    const walk = new SlackWalk({ before, posts, unread }, now);
    for (const entry of entries) walk.add(entry);
    assert.deepEqual(walk.problems(), problems);
  });
}
