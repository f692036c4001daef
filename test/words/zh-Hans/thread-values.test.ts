import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { z } from 'zod';
import { Decision } from '../../../src/model/plan/decision.ts';
import { ApplyOutcome, Execution, Verification } from '../../../src/model/plan/execution.ts';
import { PlanState } from '../../../src/model/plan/plan.ts';
import { AuditEntry } from '../../../src/model/record/audit.ts';
import { Incident } from '../../../src/model/record/incident.ts';
import { PrivateAnswer } from '../../../src/model/record/messages/private-answer.ts';
import { StatusMessage } from '../../../src/model/record/messages/status-message.ts';
import { ThreadMessage } from '../../../src/model/record/messages/thread-message.ts';
import * as enAnswers from '../../../src/words/en/answers.ts';
import * as enExport from '../../../src/words/en/incident-export.ts';
import * as enOutcome from '../../../src/words/en/outcome.ts';
import * as enPlan from '../../../src/words/en/plan.ts';
import * as enCall from '../../../src/words/en/plan-call.ts';
import * as enCard from '../../../src/words/en/plan-card.ts';
import * as enRecord from '../../../src/words/en/record.ts';
import * as enStatus from '../../../src/words/en/status.ts';
import { type Phrase, say } from '../../../src/words/phrase.ts';
import * as zhAnswers from '../../../src/words/zh-Hans/answers.ts';
import * as zhExport from '../../../src/words/zh-Hans/incident-export.ts';
import * as zhOutcome from '../../../src/words/zh-Hans/outcome.ts';
import * as zhPlan from '../../../src/words/zh-Hans/plan.ts';
import * as zhCall from '../../../src/words/zh-Hans/plan-call.ts';
import * as zhCard from '../../../src/words/zh-Hans/plan-card.ts';
import * as zhRecord from '../../../src/words/zh-Hans/record.ts';
import * as zhStatus from '../../../src/words/zh-Hans/status.ts';
import { incidentPlan, planMessage, statusMessage } from '../../slack/scenario-messages.ts';
import { samplesOf } from '../../support/facts/samples-of-schema.ts';
import { assertChinese, assertSameValues } from '../../support/words/translation.ts';

/** The Chinese phrase names what the English names, and keeps the rules; neither language is silent where the other speaks. */
function compare(chinese: Phrase | null, english: Phrase | null): void {
  assert.equal(chinese === null, english === null);
  if (chinese === null || english === null) return;
  assertSameValues(chinese, english);
  assertChinese(chinese);
}

/** A changed host key differs from one that is known, and there is always a channel to go to. */
const IMPOSSIBLE = /"known":\[\],"file"|"channels":\[\]/;

function possible<T>(schema: z.ZodType<T>): readonly T[] {
  return samplesOf(schema).filter((sample) => !IMPOSSIBLE.test(JSON.stringify(sample)));
}

describe('every private answer in Chinese', () => {
  for (const [kind, samples] of Map.groupBy(possible(PrivateAnswer), (answer) => answer.kind)) {
    test(`the Chinese private answer ${kind} names the same values as the English one in ${samples.length} variants`, () => {
      for (const answer of samples) {
        const [chinese, english] = [zhAnswers.privateAnswer(answer), enAnswers.privateAnswer(answer)];
        assert.equal(chinese.length, english.length);
        for (const [index, phrase] of chinese.entries()) compare(phrase, english[index] ?? []);
      }
    });
  }
});

describe('the values named in the Chinese thread', () => {
  const plan = incidentPlan();
  const undo = { ...plan, undoes: { id: plan.id, hash: plan.hash } };

  test('the Chinese channel message names the same values as the English one for every plan', () => {
    for (const one of samplesOf(StatusMessage.shape.plan)) {
      const status = statusMessage({ plan: one });
      compare(zhStatus.statusProgress(status), enStatus.statusProgress(status));
      compare(zhStatus.statusSentence(status), enStatus.statusSentence(status));
    }
    const people = StatusMessage.pick({ isOpen: true, resolvedAt: true, onCall: true, acknowledged: true });
    for (const one of samplesOf(people)) {
      const status = statusMessage(one);
      compare(zhStatus.statusPeople(status), enStatus.statusPeople(status));
      compare(zhStatus.statusSentence(status), enStatus.statusSentence(status));
    }
    for (const openedBy of samplesOf(StatusMessage.shape.openedBy)) {
      const status = statusMessage({ openedBy });
      compare(zhStatus.statusOrigin(status), enStatus.statusOrigin(status));
    }
  });

  test('the Chinese card of a plan and of an undo names the same values as the English one, in every state', () => {
    for (const state of PlanState.options) {
      for (const one of [plan, undo]) {
        const message = { ...planMessage(state), plan: one };
        compare(zhCard.planTitle(message), enCard.planTitle(message));
        compare(zhCard.planSentence(message), enCard.planSentence(message));
        compare(zhCard.planRecord(message), enCard.planRecord(message));
      }
    }
    const { approvers, review, withdrawn } = ThreadMessage.options[2].shape;
    for (const one of samplesOf(approvers)) {
      for (const so of samplesOf(review)) {
        const message = { ...planMessage('proposed'), review: so, ...(one && { approvers: one }) };
        compare(zhCard.planCallsOn(message), enCard.planCallsOn(message));
        compare(zhCard.planSentence(message), enCard.planSentence(message));
      }
    }
    for (const one of samplesOf(withdrawn)) {
      const message = { ...planMessage('withdrawn'), ...(one && { withdrawn: one }) };
      compare(zhCard.planRecord(message), enCard.planRecord(message));
    }
    compare(zhCard.gainsSentence(plan), enCard.gainsSentence(plan));
    compare(zhCard.exactGains(plan), enCard.exactGains(plan));
    compare(zhCard.undoSentence(undo), enCard.undoSentence(undo));
    compare(zhCard.undoLimits(plan, plan.id), enCard.undoLimits(plan, plan.id));
  });

  test('the Chinese thread names the English values where a fault is back', () => {
    for (const back of samplesOf(ThreadMessage.options[3]))
      compare(zhStatus.reopenedLine(back), enStatus.reopenedLine(back));
  });

  test('the Chinese thread names the English values in every call to a plan', () => {
    for (const call of samplesOf(ThreadMessage.options[4])) compare(zhCall.planCall(call), enCall.planCall(call));
  });

  test('the Chinese text of who gains what names the same values as the English one for every kind of change', () => {
    for (const step of samplesOf(ThreadMessage.options[2].shape.plan.shape.steps.element)) {
      compare(zhPlan.stepGain(step, plan.host), enPlan.stepGain(step, plan.host));
    }
  });

  test('the Chinese card of every outcome and every verification names the same values as the English one', () => {
    for (const outcome of possible(ApplyOutcome)) {
      for (const one of [plan, undo]) {
        compare(zhOutcome.outcomeSentence(one, outcome), enOutcome.outcomeSentence(one, outcome));
      }
    }
    for (const verification of possible(Verification)) {
      compare(
        zhOutcome.verificationSentence(plan.host, verification),
        enOutcome.verificationSentence(plan.host, verification),
      );
    }
  });

  test('the Chinese audit entries and export name the same values as the English ones', () => {
    for (const entry of samplesOf(AuditEntry.omit({ outcome: true }))) {
      const message = { kind: 'record', host: plan.host, entry: { ...entry, outcome: { reason: '已知晓' } } } as const;
      compare(zhRecord.recordLine(message), enRecord.recordLine(message));
      compare(zhRecord.entryMarks([entry], entry), enRecord.entryMarks([entry], entry));
    }
    for (const incident of samplesOf(Incident)) {
      compare(zhExport.exportOrigin(incident), enExport.exportOrigin(incident));
    }
    for (const decision of samplesOf(Decision)) {
      compare(zhExport.exportedDecision(decision), enExport.exportedDecision(decision));
    }
    for (const execution of samplesOf(Execution)) {
      compare(zhExport.exportedExecution(execution), enExport.exportedExecution(execution));
    }
    compare(zhExport.exportedPlanFacts(plan), enExport.exportedPlanFacts(plan));
  });
});

test('every dialog and its buttons are in Chinese for a Chinese reader', () => {
  const plan = incidentPlan();
  for (const one of [plan, { ...plan, undoes: { id: plan.id, hash: plan.hash } }]) {
    for (const needed of [1, 2]) {
      const dialog = zhCard.confirmation(one, { needed, approvals: [] }, 300);
      for (const text of Object.values(dialog)) assertChinese(say`${text}`);
    }
  }
});
