import type { FindingOf } from '../../model/diagnosis/finding.ts';
import type { HttpAnswer } from '../../model/host/facts.ts';
import { otherConfigs } from '../../model/reason.ts';
import { type FindingContext, type FindingWords, silenceOf, type WordsById } from '../finding-words.ts';
import { path, plain, quoted } from '../from-host.ts';
import { capitalised, code, type Phrase, say, withCode } from '../phrase.ts';
import { guardReason } from './guard-reasons.ts';
import { allOf, anyOf } from './lists.ts';
import { planAdvice } from './plan-advice.ts';
import { reasonClause } from './reasons.ts';

/** Words for the findings about the registry's service: what is wrong with it, and what is unknown about it. */
export const SERVICE_WORDS = {
  'identity-unknown': { headline: 'I don’t know which user the registry runs as', words: identityUnknown },
  'unexpected-service-user': { headline: null, words: unexpectedServiceUser },
  'foreign-registry-process': { headline: null, words: foreignRegistryProcess },
  'storage-root-unknown': {
    headline: ({ lacksOmnibus, why }) => {
      if (lacksOmnibus) return 'GitLab Omnibus is not installed there';
      return otherConfigs(why) === null
        ? 'I don’t know where the registry keeps its images'
        : 'I don’t know which registry is meant';
    },
    words: storageRootUnknown,
  },
  'no-plan-can-run': { headline: null, words: noPlanCanRun },
  'storage-not-on-disk': { headline: null, words: storageNotOnDisk },
  'health-check-off': { headline: null, words: () => HEALTH_CHECK_OFF },
  'registry-unwell': { headline: 'the registry reports that it is unhealthy', words: registryUnwell },
  'registry-not-answering': {
    headline: ({ asked }) => (asked ? 'the registry doesn’t answer' : 'the registry couldn’t be asked'),
    words: registryNotAnswering,
  },
} satisfies Partial<WordsById>;

function identityUnknown({ why }: FindingOf<'identity-unknown'>, { host }: FindingContext): FindingWords {
  const configs = otherConfigs(why);
  return {
    title: say`It is unknown which user the registry runs as`,
    because: say`${capitalised(reasonClause(why))}. The account in the user database proves nothing: the process can have other groups.`,
    remedy:
      configs !== null
        ? whichConfig(configs, host)
        : say`If the registry is down, start it. If it runs in a container or under another name, set ${code('registry.serviceUser')} in Registry Doctor’s config.${why.code === 'neither-process-nor-account' ? [] : say` If the login on ${host} has sudo, I can see every process.`}`,
  };
}

function unexpectedServiceUser(finding: FindingOf<'unexpected-service-user'>): FindingWords {
  const { pid, user, uid, account, accountUid } = finding;
  return {
    title: say`The registry runs as ${quoted(user)}, and ${quoted(account)} was expected`,
    because: say`Its process (pid ${pid}) has uid ${uid}; the account ${quoted(account)} has uid ${accountUid}. I checked that process, and propose no plan for it.`,
    remedy: say`Check whether it is the registry that serves your users (${code(`ps -o pid,user,lstart,args -p ${pid}`)}), or a copy that someone started with the same config. If ${quoted(user)} is right, set ${code('registry.serviceUser')} in Registry Doctor’s config.`,
  };
}

function foreignRegistryProcess({ pid, user, uid, account }: FindingOf<'foreign-registry-process'>): FindingWords {
  return {
    title: say`${quoted(user)} runs a process that looks like the registry; I ignored it`,
    because: say`Process ${pid} has the registry’s name and config, and uid ${uid}: neither root nor ${quoted(account)}. I ignore anything it logs or answers.`,
    remedy: say`Check what it is (${code(`ps -o pid,user,lstart,args -p ${pid}`)}). If your registry runs as ${quoted(user)}, set ${code('registry.serviceUser')} in Registry Doctor’s config, and diagnose again. Otherwise treat it as suspicious.`,
  };
}

function storageRootUnknown(
  { why, config, lacksOmnibus }: FindingOf<'storage-root-unknown'>,
  { host }: FindingContext,
): FindingWords {
  if (lacksOmnibus) return wrongLayout(host);
  const looked = config === null ? [] : say` I looked at ${path(config)}.`;
  const configs = otherConfigs(why);
  if (configs !== null) {
    return {
      title: say`It is unknown which registry on ${host} is meant`,
      because: say`${capitalised(reasonClause(why))}.${looked}`,
      remedy: whichConfig(configs, host),
    };
  }
  const notOmnibus = why.code === 'config-missing' && config?.startsWith('/var/opt/gitlab/');
  return {
    title: say`It is unknown where the registry keeps its files`,
    because: say`${capitalised(reasonClause(why))}.${looked} So there is no path to check.`,
    remedy: say`${notOmnibus ? say`Not GitLab Omnibus? Set ${code('layout: distribution')}. ` : []}Check ${code('registry.config')} in Registry Doctor’s config, ${why.code === 'config-missing' ? say`which says where the registry’s own config file is.` : say`and let the login on ${host} read that file: ${code(`registry-doctor host setup ${host}`)} prints what to install.`}`,
  };
}

/** Asks which registry is meant, with the line of the config for each. */
function whichConfig(configs: readonly string[], host: string): Phrase {
  const lines = configs.length === 0 ? ['config: FILE'] : configs.map((file) => `config: ${plain(file)}`);
  return say`Which one do you mean? Under ${code(`hosts.${host}.registry`)} in Registry Doctor’s config, set ${anyOf(lines.map((line) => [code(line)]))}. Then diagnose again.`;
}

function wrongLayout(host: string): FindingWords {
  return {
    title: say`${host} has no GitLab Omnibus, and Registry Doctor’s config expects one`,
    because: say`${code('/var/opt/gitlab')} doesn’t exist, so I looked for the registry in the wrong place.`,
    remedy: say`Set ${code('registry: { layout: distribution }')} for ${host} in Registry Doctor’s config, then diagnose again.`,
  };
}

function noPlanCanRun({ why }: FindingOf<'no-plan-can-run'>, { host }: FindingContext): FindingWords {
  return {
    title: say`No plan can run on ${host}`,
    because: say`${capitalised(say`${guardReason(why)}`)}.`,
    remedy: withCode(`${planAdvice(why, host)}. Then diagnose again.`),
  };
}

function storageNotOnDisk({ driver }: FindingOf<'storage-not-on-disk'>): FindingWords {
  return {
    title: say`The registry keeps its files elsewhere, not in a directory on this host`,
    because: say`Its storage driver is ${quoted(driver)}: there is no path to check.`,
    remedy: say`Check that storage with its own tools. From here I can only ask the registry.`,
  };
}

const HEALTH_CHECK_OFF: FindingWords = {
  title: say`The registry’s storage health check is off`,
  because: say`Without it, ${code('/v2/')} answers 200 even if the registry can’t reach its storage: login works and every push fails.`,
  remedy: say`Turn it on again once the storage is healthy: on GitLab Omnibus ${code("registry['health_storagedriver_enabled'] = true")}, elsewhere ${code('health.storagedriver.enabled: true')} in the registry’s config. Then restart the registry.`,
};

function registryUnwell({ v2, health, severity }: FindingOf<'registry-unwell'>): FindingWords {
  const answers = allOf([...answerTo('/v2/', v2), ...answerTo('/debug/health', health)]);
  return {
    title: say`The registry reports that it is unhealthy`,
    because: say`It answers ${answers}.`,
    remedy:
      severity === 'info'
        ? say`Caused by the problem above. Once that is fixed, the registry recovers at its next health check; no restart needed.`
        : say`None of the permissions that I checked explains this. Read the registry’s response above and the end of its log, then diagnose again.`,
  };
}

const MAX_BODY = 300;

function answerTo(place: string, answer: HttpAnswer | null): Phrase[] {
  if (answer === null) return [];
  const body = plain(answer.body.trim());
  const shown = body.length > MAX_BODY ? `${body.slice(0, MAX_BODY)}…` : body;
  return [say`${answer.status} for ${code(place)}${shown === '' ? [] : say` (${code(shown)})`}`];
}

function registryNotAnswering(finding: FindingOf<'registry-not-answering'>): FindingWords {
  const { why, page, severity } = finding;
  const { title, remedy } = NO_ANSWER[silenceOf(finding)];
  const clause = reasonClause(why);
  const because = page === null ? say`${capitalised(clause)}.` : say`${code(page)}: ${clause}.`;
  return { title, because, remedy: severity === 'info' ? say`Caused by the problem above.` : remedy };
}

const URLS = say`(${code('registry.url')}, ${code('registry.debugUrl')} in the config)`;

const NO_ANSWER = {
  silent: {
    title: say`The registry doesn’t answer`,
    remedy: say`Check whether its process hangs, and whether it listens on the address in its config. The end of its log says more.`,
  },
  unreadable: {
    title: say`The registry’s answer can’t be read`,
    remedy: say`Something answers there, but not as this registry would. Check that the address and http or https are right ${URLS}, and which program listens there (${code('ss -ltnp')} on the host).`,
  },
  'not-asked': {
    title: say`The registry couldn’t be asked`,
    remedy: say`So it is unknown whether it is healthy. Check that curl or wget is on the host, and that the address is right ${URLS}.`,
  },
} as const;
