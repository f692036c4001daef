import type { HttpAnswer } from '../../model/facts.ts';
import type { Severity } from '../../model/finding.ts';
import { code, joined, type Phrase, say } from '../phrase.ts';
import { type Around, type FindingOf, type FindingWords, plain, quoted } from './finding-words.ts';

type ServiceFinding = FindingOf<
  | 'identity-unknown'
  | 'unexpected-service-user'
  | 'foreign-registry-process'
  | 'storage-root-unknown'
  | 'storage-not-on-disk'
  | 'health-check-off'
  | 'registry-unwell'
  | 'registry-not-answering'
>;

/** Words for what is wrong with the registry's service, or could not be learned of it. */
export function serviceWords(finding: ServiceFinding, around: Around): FindingWords {
  switch (finding.id) {
    case 'identity-unknown':
      return identityUnknown(finding, around);
    case 'unexpected-service-user':
      return unexpectedServiceUser(finding);
    case 'foreign-registry-process':
      return foreignRegistryProcess(finding);
    case 'storage-root-unknown':
      return storageRootUnknown(finding, around);
    case 'storage-not-on-disk':
      return storageNotOnDisk(finding);
    case 'health-check-off':
      return HEALTH_CHECK_OFF;
    case 'registry-unwell':
      return registryUnwell(finding);
    case 'registry-not-answering':
      return registryNotAnswering(finding);
  }
}

function identityUnknown({ why }: FindingOf<'identity-unknown'>, { host }: Around): FindingWords {
  return {
    title: say`It is not known which user the registry runs as`,
    because: say`${plain(why)}. The account in the user database is no proof: a process may hold other groups.`,
    remedy: say`Start the registry where it is down; where it runs in a container or under another name, tell the config of Registry Doctor (${code('registry.serviceUser')}). With sudo for the login on ${host} I see every process.`,
  };
}

function unexpectedServiceUser(finding: FindingOf<'unexpected-service-user'>): FindingWords {
  const { pid, user, uid, account, accountUid } = finding;
  return {
    title: say`The registry runs as ${quoted(user)}, and ${quoted(account)} was expected`,
    because: say`Its process (pid ${pid}) has uid ${uid}; the account ${quoted(account)} has uid ${accountUid}. What is judged here is that process, and no plan is made for it.`,
    remedy: say`See whether it is the registry that serves your users (${code(`ps -o pid,user,lstart,args -p ${pid}`)}), or a copy that somebody started with the same config. Where ${quoted(user)} is right, say so in the config of Registry Doctor (${code('registry.serviceUser')}).`,
  };
}

function foreignRegistryProcess({ pid, user, uid, account }: FindingOf<'foreign-registry-process'>): FindingWords {
  return {
    title: say`${quoted(user)} runs a process that looks like the registry, and is not taken for it`,
    because: say`Process ${pid} is called as the registry is, with its config, and has uid ${uid}: neither root nor ${quoted(account)}. Nothing that it says counts here.`,
    remedy: say`See what it is (${code(`ps -o pid,user,lstart,args -p ${pid}`)}). Where your registry runs as ${quoted(user)}, say so in the config of Registry Doctor (${code('registry.serviceUser')}), and diagnose again; else somebody may mean to mislead you.`,
  };
}

function storageRootUnknown({ why }: FindingOf<'storage-root-unknown'>, { host }: Around): FindingWords {
  return {
    title: say`It is not known where the registry keeps its files`,
    because: say`${plain(why)}. So there is no path to judge.`,
    remedy: say`Check ${code('registry.config')} in the config of Registry Doctor, and let the login on ${host} read that file: ${code(`registry-doctor host setup ${host}`)} prints what to install.`,
  };
}

function storageNotOnDisk({ driver }: FindingOf<'storage-not-on-disk'>): FindingWords {
  return {
    title: say`The registry keeps its files elsewhere, not in a directory of this host`,
    because: say`Its storage driver is ${quoted(driver)}: there is no path to walk.`,
    remedy: say`Check that storage itself, with its own tools. Here I can only ask the registry.`,
  };
}

const HEALTH_CHECK_OFF: FindingWords = {
  title: say`The registry's storage health check is off`,
  because: say`Without it, ${code('/v2/')} answers 200 whether the storage can be reached or not: login works and each push fails.`,
  remedy: say`Switch it on again once the storage is well: in an Omnibus GitLab ${code("registry['health_storagedriver_enabled'] = true")}, elsewhere ${code('health.storagedriver.enabled: true')} in the registry's config. It needs a restart of the registry.`,
};

function registryUnwell({ v2, health, severity }: FindingOf<'registry-unwell'>): FindingWords {
  const answers = joined([...answerTo('/v2/', v2), ...answerTo('/debug/health', health)], 'and');
  return {
    title: say`The registry reports that it is unhealthy`,
    because: say`It returns ${answers}.`,
    remedy:
      severity === 'info'
        ? say`Caused by the problem above. Once that is fixed, the registry recovers at its next health check; no restart needed.`
        : say`None of the permissions I checked explains this. Read the registry’s response above and the end of its log, then diagnose again.`,
  };
}

const MAX_BODY = 300;

function answerTo(place: string, answer: HttpAnswer | null): Phrase[] {
  if (answer === null) return [];
  const body = plain(answer.body.trim());
  const shown = body.length > MAX_BODY ? `${body.slice(0, MAX_BODY)}…` : body;
  return [say`${answer.status} for ${code(place)}${shown === '' ? [] : say` (${code(shown)})`}`];
}

function registryNotAnswering({ why, asked, severity }: FindingOf<'registry-not-answering'>): FindingWords {
  const title = asked ? say`The registry does not answer` : say`The registry could not be asked`;
  return { title, because: say`${plain(why)}.`, remedy: remedyOfSilence(severity) };
}

function remedyOfSilence(severity: Severity): Phrase {
  switch (severity) {
    case 'info':
      return say`This follows from what is said before.`;
    case 'fault':
      return say`Its process is there: look whether it hangs, and whether its address is the one in its config. The end of its log says more.`;
    case 'warning':
      return say`I could not ask it, so whether it is well is unknown. See that curl or wget is on the host, and that the address is right (${code('registry.url')}, ${code('registry.debugUrl')} in the config).`;
  }
}
