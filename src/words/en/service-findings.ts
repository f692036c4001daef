import type { HttpAnswer } from '../../model/facts.ts';
import type { Severity } from '../../model/finding.ts';
import { code, joined, type Phrase, say } from '../phrase.ts';
import { type Around, type FindingOf, type FindingWords, plain, quoted, type WordsById } from './finding-words.ts';

/** Words for what is wrong with the registry's service, or could not be learned of it. */
export const SERVICE_WORDS = {
  'identity-unknown': { headline: 'I do not know which user the registry runs as', words: identityUnknown },
  'unexpected-service-user': { headline: null, words: unexpectedServiceUser },
  'foreign-registry-process': { headline: null, words: foreignRegistryProcess },
  'storage-root-unknown': { headline: 'I do not know where the registry keeps its images', words: storageRootUnknown },
  'storage-not-on-disk': { headline: null, words: storageNotOnDisk },
  'health-check-off': { headline: null, words: () => HEALTH_CHECK_OFF },
  'registry-unwell': { headline: 'the registry says that it is not well', words: registryUnwell },
  'registry-not-answering': {
    headline: ({ asked }) => (asked ? 'the registry does not answer' : 'the registry could not be asked'),
    words: registryNotAnswering,
  },
} satisfies Partial<WordsById>;

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
    title: say`The registry says that it is not well`,
    because: say`It answers ${answers}.`,
    remedy:
      severity === 'info'
        ? say`This follows from what is said before. Once that is mended, the registry is well again by itself at its next check, without a restart.`
        : say`No mode that I judged explains this. Read the registry's own words above and the end of its log, then diagnose again.`,
  };
}

const MAX_BODY = 300;

function answerTo(place: string, answer: HttpAnswer | null): Phrase[] {
  if (answer === null) return [];
  const body = plain(answer.body.trim());
  const shown = body.length > MAX_BODY ? `${body.slice(0, MAX_BODY)}…` : body;
  return [say`${answer.status} to ${code(place)}${shown === '' ? [] : say` (${code(shown)})`}`];
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
