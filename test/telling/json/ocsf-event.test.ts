import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { Act, AuditEntry } from '../../../src/model/record/audit.ts';
import { ocsfEvent } from '../../../src/telling/json/ocsf-event.ts';
import { samplesOf } from '../../support/facts/samples-of-schema.ts';

/**
 * What https://schema.ocsf.io/1.6.0/classes/api_activity requires: events/application/api_activity.json (uid 3 of category 6) and
 * events/base_event.json, and objects/ metadata, product (name or vendor_name), api, actor (one of user, app_name, …), user (one of uid,
 * name, …) and network_endpoint (one of name, ip, …).
 */
const User = z.strictObject({
  uid: z.string().optional(),
  name: z.string().optional(),
  type_id: z.union([z.literal(0), z.literal(1)]),
  org: z.strictObject({ uid: z.string() }).optional(),
  credential_uid: z.string().optional(),
});
const ApiActivity = z
  .strictObject({
    category_uid: z.literal(6),
    class_uid: z.literal(6003),
    activity_id: z.int().min(1).max(4),
    type_uid: z.int(),
    time: z.int().positive(),
    severity_id: z.int().min(1).max(6),
    status_id: z.int().min(1).max(2),
    metadata: z.strictObject({
      version: z.literal('1.6.0'),
      product: z.strictObject({ name: z.string(), vendor_name: z.string(), version: z.string() }),
      uid: z.string(),
      sequence: z.int().positive(),
      original_time: z.string(),
    }),
    actor: z.union([
      z.strictObject({ user: User.refine(({ uid, name }) => uid !== undefined || name !== undefined) }),
      z.strictObject({ app_name: z.string(), app_uid: z.string() }),
    ]),
    api: z.strictObject({ operation: z.string(), service: z.strictObject({ name: z.string() }) }),
    src_endpoint: z.strictObject({ name: z.string() }),
    resources: z
      .array(z.strictObject({ type: z.string(), uid: z.string() }))
      .min(1)
      .optional(),
    unmapped: z.looseObject({}),
  })
  .refine(({ type_uid, class_uid, activity_id }) => type_uid === class_uid * 100 + activity_id);

const SAMPLES = samplesOf(AuditEntry);
const eventOf = (entry: AuditEntry) => ApiActivity.parse(JSON.parse(JSON.stringify(ocsfEvent(entry, '0.1.0'))));

test('each kind of entry, by each kind of actor, is an OCSF event with all that its class requires', () => {
  assert.deepEqual(new Set(SAMPLES.map(({ act }) => act)), new Set(Act.options));
  for (const entry of SAMPLES) {
    const { metadata, api } = eventOf(entry);
    assert.deepEqual([metadata.sequence, metadata.uid, api.operation], [entry.sequence, entry.hash, entry.act]);
  }
});

test('an erased person is named by the digest in the chain only, and where they acted', () => {
  const erased = SAMPLES.find(({ actor }) => actor.kind === 'erased') ?? assert.fail();
  const { actor, src_endpoint } = eventOf(erased);
  assert.deepEqual(
    [actor, src_endpoint.name],
    [{ user: { uid: erased.actor.kind === 'erased' && erased.actor.digest, type_id: 0 } }, 'slack'],
  );
});

test('an approval by break glass is of high severity', () => {
  const [entry] = SAMPLES;
  assert.ok(entry);
  assert.equal(eventOf({ ...entry, act: 'plan-approved', outcome: { breakGlass: true } }).severity_id, 4);
  assert.equal(eventOf({ ...entry, act: 'plan-approved', outcome: {} }).severity_id, 2);
});

test('a changed config is a change of medium severity, by the bot if it was found at a start and by the system’s signal if not', () => {
  const [entry] = SAMPLES;
  assert.ok(entry);
  const changedBy = (actor: AuditEntry['actor']) => {
    const event = eventOf({ ...entry, act: 'config-changed', actor });
    return [event.activity_id, event.severity_id, event.src_endpoint.name, event.actor];
  };
  assert.deepEqual(changedBy({ kind: 'bot', part: 'workflow' }), [
    ...[3, 3, 'registry-doctor'],
    { app_name: 'registry-doctor', app_uid: 'workflow' },
  ]);
  assert.deepEqual(changedBy({ kind: 'signal', signal: 'SIGHUP' }), [
    ...[3, 3, 'operating-system'],
    { app_name: 'operating system', app_uid: 'SIGHUP' },
  ]);
});
