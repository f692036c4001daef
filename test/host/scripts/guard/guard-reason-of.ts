import assert from 'node:assert/strict';
import { parseGuardReason } from '../../../../src/host/frame/parse-guard-reason.ts';
import type { GuardReason } from '../../../../src/model/plan/guard-reason.ts';

/** A reason from `CODE`, or `CODE VALUE…`, which has to be one that is known. */
export function reasonOf(text: string): GuardReason {
  const reason = parseGuardReason(text);
  assert.notEqual(reason.code, 'host-said', `"${text}" is no known reason`);
  return reason;
}
