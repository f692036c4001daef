import type { Words } from '../catalogue.ts';
import * as access from './access.ts';
import * as alerts from './alerts.ts';
import * as answers from './answers.ts';
import * as auditOutcome from './audit-outcome.ts';
import * as auditVerify from './audit-verify.ts';
import * as backup from './backup.ts';
import * as check from './check.ts';
import * as cli from './cli.ts';
import * as commands from './commands.ts';
import * as config from './config.ts';
import * as contentsFindings from './contents-findings.ts';
import * as diagnoseForm from './diagnose-form.ts';
import * as documentCheck from './document-check.ts';
import * as durability from './durability.ts';
import * as elsewhere from './elsewhere.ts';
import * as erase from './erase.ts';
import * as files from './files.ts';
import * as findings from './findings.ts';
import * as fix from './fix.ts';
import * as fleet from './fleet.ts';
import * as fleetLook from './fleet-look.ts';
import * as guardCheck from './guard-check.ts';
import * as health from './health.ts';
import * as hostSetup from './host-setup.ts';
import * as incidentExport from './incident-export.ts';
import * as leftOut from './left-out.ts';
import * as lookWay from './look-way.ts';
import * as migrate from './migrate.ts';
import * as mutes from './mutes.ts';
import * as noAnswer from './no-answer.ts';
import * as operatorProblem from './operator-problem.ts';
import * as outcome from './outcome.ts';
import * as people from './people.ts';
import * as plan from './plan.ts';
import * as planCall from './plan-call.ts';
import * as planCard from './plan-card.ts';
import * as planDocument from './plan-document.ts';
import * as planForm from './plan-form.ts';
import * as playground from './playground.ts';
import * as reasons from './reasons.ts';
import * as record from './record.ts';
import * as refusedChannel from './refused-channel.ts';
import * as sign from './sign.ts';
import * as signatures from './signatures.ts';
import * as signing from './signing.ts';
import * as slackCheck from './slack-check.ts';
import * as slackFailure from './slack-failure.ts';
import * as ssh from './ssh.ts';
import * as status from './status.ts';
import * as store from './store.ts';
import * as stream from './stream.ts';
import * as summary from './summary.ts';
import * as systemError from './system-error.ts';
import * as trialCheck from './trial-check.ts';
import * as unmonitored from './unmonitored.ts';
import * as usage from './usage.ts';
import * as verdict from './verdict.ts';
import * as whyNow from './why-now.ts';

/** Simplified Chinese, by file, as the English. */
export const zhHans: Words = {
  access,
  alerts,
  answers,
  auditOutcome,
  backup,
  migrate,
  auditVerify,
  check,
  cli,
  commands,
  config,
  contentsFindings,
  diagnoseForm,
  documentCheck,
  durability,
  erase,
  files,
  findings,
  fix,
  fleet,
  fleetLook,
  guardCheck,
  health,
  hostSetup,
  incidentExport,
  leftOut,
  lookWay,
  mutes,
  elsewhere,
  noAnswer,
  operatorProblem,
  outcome,
  people,
  plan,
  planCall,
  planCard,
  planDocument,
  planForm,
  playground,
  reasons,
  refusedChannel,
  record,
  sign,
  signatures,
  signing,
  slackCheck,
  slackFailure,
  ssh,
  status,
  store,
  stream,
  summary,
  systemError,
  trialCheck,
  unmonitored,
  usage,
  verdict,
  whyNow,
};
