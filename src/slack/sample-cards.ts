import type { z } from 'zod';
import { type Diagnosis, planOutlook } from '../model/diagnosis/diagnosis.ts';
import { ThreadMessage } from '../model/record/messages/thread-message.ts';
import type { People } from '../model/settings/settings.ts';
import type { Words } from '../words/index.ts';
import { cardFor } from './cards/card-for.ts';
import type { Card } from './cards/parts/card.ts';

type Message = z.input<typeof ThreadMessage>;

/**
 * Cards of an invented incident, with every kind of block and text that the cards of a real one have. They are posted nowhere.
 * `people`: those who would be mentioned.
 */
export function sampleCards(people: People, words: Words): readonly Card[] {
  return [planMessage(people), VERDICT, statusMessage(people)].map((message) =>
    cardFor(ThreadMessage.parse(message), words),
  );
}

const AT = '2026-01-01T12:00:00.000Z';
const EXPIRES_AT = '2026-01-01T12:15:00.000Z';
const BOOTED_AT = Date.parse(AT) / 1000;
const HOST = 'sample';
const INCIDENT = 1;
const PLAN = '1-1';
const HASH = `sha256:${'0'.repeat(64)}`;
const ROOT = '/srv/sample/registry';
const CLOSED = '/srv/sample';
const UID = 993;
/** Exists in every workspace. */
const SLACKBOT = 'USLACKBOT';

const ACL = 'user::rwx,group::---,other::---';
const CLOSED_INODE = { device: '1', inode: '2', mode: '0700', uid: 0, gid: 0 };
const ANSWER = { url: 'http://127.0.0.1:5000/v2/', status: 503, body: '{"errors":[{"code":"UNAVAILABLE"}]}' };

const DIRECTORY = { kind: 'directory', target: null, owner: 'root', group: 'root', proof: 'kernel' } as const;
const PASSED = { access: 'allowed', reason: { kind: 'bits', class: 'other', granted: true } } as const;
const BLOCKED = { access: 'denied', reason: { kind: 'bits', class: 'other', granted: false } } as const;

const DIAGNOSIS: z.input<typeof Diagnosis> = {
  host: HOST,
  verdict: 'faulty',
  durationMs: 400,
  service: { user: 'registry', uid: UID, gid: UID, groups: [], pid: 1, source: 'process' },
  storageRoot: ROOT,
  walk: [
    { ...DIRECTORY, ...PASSED, path: '/srv', mode: '0755' },
    { ...DIRECTORY, ...BLOCKED, path: CLOSED, mode: '0700' },
    { ...DIRECTORY, ...PASSED, path: ROOT, mode: '0755' },
  ],
  findings: [
    {
      id: 'untraversable-ancestor',
      severity: 'fault',
      proof: 'kernel',
      path: CLOSED,
      mode: '0700',
      owner: 'root',
      group: 'root',
      decidedBy: 'other',
      throughLink: null,
      noChmod: null,
    },
  ],
  v2: ANSWER,
  health: null,
  plan: null,
  whyNow: {
    timeline: [{ at: BOOTED_AT, kind: 'boot', path: null, text: '', source: '/proc/stat', certainty: 'derived' }],
    hypotheses: [{ id: 'mode-changed', standing: 'supported', strength: 'weak', evidence: [], missing: [] }],
  },
};

const VERDICT: Message = {
  kind: 'verdict',
  incidentId: INCIDENT,
  diagnosis: DIAGNOSIS,
  record: { sequence: 1, hash: HASH },
};

/** While the plan waits: who can decide is mentioned, and there is a button. */
function statusMessage(people: People): Message {
  return {
    kind: 'status',
    incidentId: INCIDENT,
    host: HOST,
    openedBy: { kind: 'bot', part: 'watch' },
    openedAt: AT,
    stage: 'done',
    diagnosis: DIAGNOSIS,
    plan: { id: PLAN, state: 'proposed', approvers: mentioned(people) },
    recordEntries: 2,
    resolvedAt: null,
    isOpen: true,
    onCall: { ...mentioned(people), isQuiet: false },
  };
}

/** Waits, with all buttons that a plan can have: the confirmation, Withdraw and the narrower option. */
function planMessage(people: People): Message {
  const step = { path: CLOSED, precondition: CLOSED_INODE };
  return {
    kind: 'plan',
    plan: {
      host: HOST,
      bootId: null,
      hostname: HOST,
      risk: 'low',
      identity: { user: 'registry', uid: UID, gid: UID, groups: [], dacOverride: false, dacReadSearch: false },
      storageRoot: ROOT,
      steps: [
        { ...step, action: 'chmod', from: '0700', to: '0701', gains: 'other', gainingPrincipal: 'every account' },
      ],
      clearsEveryBlocker: true,
      alternatives: [
        {
          kind: 'narrower-acl',
          steps: [
            {
              ...step,
              action: 'setfacl',
              from: ACL,
              to: `user::rwx,user:${UID}:--x,group::---,mask::--x,other::---`,
              modify: `user:${UID}:--x`,
              gainingPrincipal: 'registry',
              precondition: { ...CLOSED_INODE, acl: ACL },
            },
          ],
        },
      ],
      id: PLAN,
      nonce: '0'.repeat(32),
      incidentId: INCIDENT,
      requestedBy: { kind: 'slack-user', team: 'T0SAMPLE', user: mentioned(people).users[0] ?? SLACKBOT },
      createdAt: AT,
      expiresAt: EXPIRES_AT,
      hash: HASH,
    },
    state: 'proposed',
    decision: null,
    review: { needed: 1, approvals: [] },
    outlook: planOutlook({ findings: [], durability: null }),
    approvers: mentioned(people),
    record: { sequence: 2, hash: HASH },
  };
}

/** One person and one group: more of them are no other kind of text. */
function mentioned({ users, groups }: People) {
  return { users: users.length === 0 ? [SLACKBOT] : users.slice(0, 1), groups: groups.slice(0, 1) };
}
