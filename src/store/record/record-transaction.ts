import type { Transaction } from 'kysely';
import type { EntryMark } from '../../model/record/messages/thread-message.ts';
import type { Clock } from '../../workflow/ports/bot.ts';
import type { QuietRecord } from '../../workflow/ports/quiet-record.ts';
import type { RecordTransaction } from '../../workflow/ports/record.ts';
import {
  alertsOf,
  alertsToldOn,
  hasAlertLike,
  insertAlert,
  joinAlert,
  markAlertTold,
  receivedAlert,
  takeUpAlert,
  waitingAlerts,
} from '../tables/alerts.ts';
import {
  appendAudit,
  appendOwnAct,
  auditEntriesOf,
  newestConfigChange,
  ownActByRequest,
} from '../tables/chain/audit-entries.ts';
import {
  entryHashes,
  insertCosigned,
  keepCheckpoint,
  newestCheckpoint,
  newestCosigned,
} from '../tables/chain/checkpoints.ts';
import { lastSentEntry, saveLastSentEntry } from '../tables/chain/sent-entries.ts';
import { insertDiagnosis, newestDiagnosis } from '../tables/diagnoses.ts';
import { endFleetLook, hostSnapshot, isFleetLookEnded, putHostSnapshot } from '../tables/fleet-looks.ts';
import { groupMembers, groupOf, joinGroup, joinSummary, openedSince, saveTraits } from '../tables/groups.ts';
import { flappingHosts, healthOf, saveHealth } from '../tables/health.ts';
import {
  incidentById,
  incidentByRequest,
  incidentsIn,
  insertIncident,
  latestIncidents,
  moveIncident,
  resolvedSince,
} from '../tables/incidents.ts';
import {
  checkpointTold,
  deliveryByKey,
  messageByKey,
  noticeByKey,
  placeOfMessage,
  putMessage,
  putNotice,
  waitingFor,
} from '../tables/messages.ts';
import {
  endMute,
  endMutedAlerts,
  endMutedFault,
  extendMute,
  hostsWithMutedFault,
  insertMute,
  markFaultsTold,
  noteMutedFault,
  openMutes,
  untoldFaults,
} from '../tables/mutes.ts';
import { decisionsOn, insertDecision } from '../tables/plan/decisions.ts';
import { executionOf, finishExecution, insertExecution } from '../tables/plan/executions.ts';
import { executionQueue, insertPlan, movePlan, nextPlanId, planById, plansIn } from '../tables/plan/plans.ts';
import { insertVerification, newestVerification } from '../tables/plan/verifications.ts';
import type { Tables } from '../tables/tables.ts';
import { detailsOf } from './details.ts';
import { removeDetails } from './remove-details.ts';

/** The port's view of one database transaction. Kysely refuses every statement after its end. `appended` is given each entry. */
export function recordTransaction(
  db: Transaction<Tables>,
  clock: Clock,
  appended: (entry: EntryMark) => void,
): RecordTransaction {
  const telling = async <Entry extends EntryMark>(appending: Promise<Entry>) => {
    const entry = await appending;
    appended({ sequence: entry.sequence, hash: entry.hash });
    return entry;
  };
  return {
    insertIncident: (incident) => insertIncident(db, incident),
    incident: (id) => incidentById(db, id),
    incidentByRequest: (requestKey) => incidentByRequest(db, requestKey),
    incidentsIn: (states, host) => incidentsIn(db, states, host),
    latestIncidents: (hosts, limit) => latestIncidents(db, hosts, limit),
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

    appendAudit: (draft) => telling(appendAudit(db, draft)),
    appendOwnAct: (draft) => telling(appendOwnAct(db, draft)),
    auditEntries: (incidentId) => auditEntriesOf(db, incidentId),
    newestConfigChange: () => newestConfigChange(db),

    entryHashes: (sequence, limit) => entryHashes(db, sequence, limit),
    detailsOf: (wanted) => detailsOf(db, wanted),
    removeDetails: (wanted, details) => removeDetails(db, wanted, details),
    newestCheckpoint: () => newestCheckpoint(db),
    newestCosigned: () => newestCosigned(db),
    insertCosigned: (checkpoint) => insertCosigned(db, checkpoint),
    checkpointTold: () => checkpointTold(db),
    keepCheckpoint: (checkpoint) => keepCheckpoint(db, checkpoint),

    lastSentEntry: () => lastSentEntry(db),
    saveLastSentEntry: (sequence) => saveLastSentEntry(db, sequence),

    insertDiagnosis: (entry, diagnosis) => insertDiagnosis(db, entry, diagnosis),
    diagnosis: (incidentId) => newestDiagnosis(db, incidentId),
    insertVerification: (entry, verification) => insertVerification(db, entry, verification),
    verification: (planId) => newestVerification(db, planId),

    putMessage: (message) => putMessage(db, message, clock.now()),
    message: (key) => messageByKey(db, key),
    deliveryOfMessage: (key) => deliveryByKey(db, key),
    placeOfMessage: (key) => placeOfMessage(db, key),
    putNotice: (notice) => putNotice(db, notice, clock.now()),
    notice: (key) => noticeByKey(db, key),
    waitingFor: (channel) => waitingFor(db, channel),

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

    ...quietRecord(db),
  };
}

/** What keeps the channel quiet. */
function quietRecord(db: Transaction<Tables>): QuietRecord {
  return {
    openedSince: (channel, since, limit) => openedSince(db, channel, since, limit),
    joinSummary: (id, summarizedIn) => joinSummary(db, id, summarizedIn),
    joinGroup: (id, groupedIn) => joinGroup(db, id, groupedIn),
    groupOf: (id) => groupOf(db, id),
    groupMembers: (groupedIn, limit) => groupMembers(db, groupedIn, limit),
    saveTraits: (id, traits) => saveTraits(db, id, traits),
    resolvedSince: (host, channel, since) => resolvedSince(db, host, channel, since),

    health: (host) => healthOf(db, host),
    saveHealth: (host, health) => saveHealth(db, host, health),
    flappingHosts: () => flappingHosts(db),

    insertMute: (mute) => insertMute(db, mute),
    openMutes: (host) => openMutes(db, host),
    extendMute: (id, until) => extendMute(db, id, until),
    actByRequest: (act, requestKey, since) => ownActByRequest(db, act, requestKey, since),
    endMute: (id, at) => endMute(db, id, at),
    noteMutedFault: (fault) => noteMutedFault(db, fault),
    endMutedFault: (host, kind, at) => endMutedFault(db, host, kind, at),
    endMutedAlerts: (host, alert, at) => endMutedAlerts(db, host, alert, at),
    untoldFaults: (host) => untoldFaults(db, host),
    hostsWithMutedFault: () => hostsWithMutedFault(db),
    markFaultsTold: (host, at) => markFaultsTold(db, host, at),
    receivedAlert: (id) => receivedAlert(db, id),
  };
}
