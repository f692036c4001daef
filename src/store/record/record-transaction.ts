import type { Transaction } from 'kysely';
import type { Clock, RecordTransaction } from '../../workflow/ports.ts';
import {
  alertsOf,
  alertsToldOn,
  hasAlertLike,
  insertAlert,
  joinAlert,
  markAlertTold,
  takeUpAlert,
  waitingAlerts,
} from '../tables/alerts.ts';
import { appendAudit, appendOwnAct, auditEntriesOf } from '../tables/audit-entries.ts';
import { entryHashes, insertCheckpoint, newestCheckpoint } from '../tables/checkpoints.ts';
import { decisionsOn, insertDecision } from '../tables/decisions.ts';
import { insertDiagnosis, newestDiagnosis } from '../tables/diagnoses.ts';
import { executionOf, finishExecution, insertExecution } from '../tables/executions.ts';
import { endFleetLook, hostSnapshot, isFleetLookEnded, putHostSnapshot } from '../tables/fleet-looks.ts';
import {
  incidentById,
  incidentByRequest,
  incidentsIn,
  insertIncident,
  joinSummary,
  moveIncident,
  openedSince,
} from '../tables/incidents.ts';
import { messageByKey, putMessage, putNotice } from '../tables/messages.ts';
import { executionQueue, insertPlan, movePlan, nextPlanId, planById, plansIn } from '../tables/plans.ts';
import type { Tables } from '../tables/tables.ts';
import { insertVerification, newestVerification } from '../tables/verifications.ts';

/** The port's view of one database transaction. Kysely refuses every statement after its end. */
export function recordTransaction(db: Transaction<Tables>, clock: Clock): RecordTransaction {
  return {
    insertIncident: (incident) => insertIncident(db, incident),
    incident: (id) => incidentById(db, id),
    incidentByRequest: (requestKey) => incidentByRequest(db, requestKey),
    incidentsIn: (states, host) => incidentsIn(db, states, host),
    openedSince: (channel, since) => openedSince(db, channel, since),
    joinSummary: (id, summarizedIn) => joinSummary(db, id, summarizedIn),
    moveIncident: (id, from, change) => moveIncident(db, id, from, change),

    nextPlanId: (incidentId) => nextPlanId(db, incidentId),
    insertPlan: (plan) => insertPlan(db, plan),
    plan: (id) => planById(db, id),
    plansIn: (states, host) => plansIn(db, states, host),
    movePlan: (id, from, to) => movePlan(db, id, from, to),
    executionQueue: (host) => executionQueue(db, host),

    insertDecision: (decision) => insertDecision(db, decision),
    decisions: (planId) => decisionsOn(db, planId),

    insertExecution: (execution) => insertExecution(db, execution),
    execution: (planId) => executionOf(db, planId),
    finishExecution: (execution) => finishExecution(db, execution),

    appendAudit: (draft) => appendAudit(db, draft),
    appendOwnAct: (draft) => appendOwnAct(db, draft),
    auditEntries: (incidentId) => auditEntriesOf(db, incidentId),

    entryHashes: (sequence, limit) => entryHashes(db, sequence, limit),
    newestCheckpoint: () => newestCheckpoint(db),
    insertCheckpoint: (checkpoint) => insertCheckpoint(db, checkpoint),

    insertDiagnosis: (entry, diagnosis) => insertDiagnosis(db, entry, diagnosis),
    diagnosis: (incidentId) => newestDiagnosis(db, incidentId),
    insertVerification: (entry, verification) => insertVerification(db, entry, verification),
    verification: (planId) => newestVerification(db, planId),

    putMessage: (message) => putMessage(db, message, clock.now()),
    message: (key) => messageByKey(db, key),
    putNotice: (notice) => putNotice(db, notice, clock.now()),

    insertAlert: (alert) => insertAlert(db, alert, clock.now()),
    waitingAlerts: (afterId, limit) => waitingAlerts(db, afterId, limit),
    takeUpAlert: (id) => takeUpAlert(db, id, clock.now()),
    joinAlert: (id, incidentId) => joinAlert(db, id, incidentId),
    alertsOf: (incidentId, limit) => alertsOf(db, incidentId, limit),
    hasAlertLike: (incidentId, alert) => hasAlertLike(db, incidentId, alert),
    alertsToldOn: (source, day) => alertsToldOn(db, source, day),
    markAlertTold: (id, day) => markAlertTold(db, id, day),

    isFleetLookEnded: (night) => isFleetLookEnded(db, night),
    endFleetLook: (night) => endFleetLook(db, night, clock.now()),
    hostSnapshot: (host) => hostSnapshot(db, host),
    putHostSnapshot: (host, snapshot) => putHostSnapshot(db, host, snapshot, clock.now()),
  };
}
