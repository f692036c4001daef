import type { GuardSettings, HostSettings } from '../../model/settings/settings.ts';
import type { HostSetup, Step } from '../host-setup.ts';
import { guardKeyOptions, permittedAddresses, shellWord, sudoersInstalled } from '../setup-words.ts';
import { allOfWords } from './lists.ts';
import { authorizedKey, NEEDS_KEY } from './setup-step.ts';

/** The guard, the keys that it takes plans from, and the lines by which it is the only thing that runs. */
export function guardSteps(setup: HostSetup, guard: GuardSettings): readonly Step[] {
  const { host } = setup;
  const isRoot = host.ssh.user === 'root';
  const command = isRoot ? guard.path : `sudo -n ${guard.path}`;
  return [
    ...program(setup, guard),
    botSigner(setup, guard),
    permittedStorage(host, guard),
    ...(guard.approverSignature === 'high-risk' ? [approverSigners(host, guard)] : []),
    ...(isRoot ? [] : [sudoers(host, guard)]),
    authorizedKey(setup, guardKeyOptions(permittedAddresses(host), command), mayDo(host)),
  ];
}

function mayDo(host: HostSettings): string {
  const addresses = permittedAddresses(host);
  return addresses.length === 0
    ? 'may run the guard, and nothing else'
    : `may run the guard and connect to ${allOfWords(addresses)} for monitoring, and nothing else`;
}

function directoryOf({ path }: GuardSettings): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function program({ host, guardDigest, program }: HostSetup, guard: GuardSettings): readonly Step[] {
  return [
    [
      `On the bot’s machine: write the guard, the one program that root runs for Registry Doctor on ${host.name}, to a file`,
      `   new=$(mktemp) && ${program} host guard > "$new" && echo "$new"`,
      `   Bring that file to ${host.name} under the name “guard”, then:`,
      '   rm "$new"',
    ],
    [
      `On ${host.name}, as root, in the directory of that file: install the guard`,
      `   install -d -m 0755 -o root -g root ${directoryOf(guard)}`,
      `   install -m 0755 -o root -g root guard ${guard.path}`,
      '   rm guard',
      `   sha256sum ${guard.path}`,
      `   It has to say ${guardDigest}`,
    ],
  ];
}

/** Who has an installed guard has a signing key: the config is refused without it. */
function botSigner({ host, signing }: HostSetup, guard: GuardSettings): Step {
  const title = `On ${host.name}, as root: whose plans the guard takes`;
  if (signing === null) return [title];
  if (signing.publicKey === null) return [title, NEEDS_KEY];
  const [type = '', key = ''] = signing.publicKey.split(' ');
  const line = `registry-doctor namespaces="registry-doctor-plan" ${type} ${key}`;
  const file = `${directoryOf(guard)}/allowed_signers`;
  return [title, `   printf '%s\\n' ${shellWord(line)} > ${file}`, `   chown root:root ${file} && chmod 0644 ${file}`];
}

/** The value of rootdirectory as YAML has it, and as JSON in YAML, which is how GitLab writes it. */
const ROOT_DIRECTORY = String.raw`s/.*rootdirectory"\{0,1\}: *"\{0,1\}\([^",}]*\).*/\1/p`;

function permittedStorage({ name, registry }: HostSettings, guard: GuardSettings): Step {
  const file = `${directoryOf(guard)}/permitted_storage`;
  const root = `$(sed -n ${shellWord(ROOT_DIRECTORY)} ${shellWord(registry.config)})`;
  return [
    `On ${name}, as root: for which storage, and as which account, the guard takes plans`,
    `   printf '%s %s\\n' ${shellWord(registry.serviceUser)} "${root}" > ${file}`,
    `   chown root:root ${file} && chmod 0644 ${file}`,
    `   cat ${file}`,
    '   It has to say the account that the registry runs as, and the directory of its images. Correct it if it does not: the directory',
    '   as the registry calls it, whatever links are on the way (for a registry in a container: as the host calls it); one more line for',
    '   each further registry. Where the registry runs with groups that its account does not have: UID:GID,GID in place of the account.',
    '   Plans for files beside the storage (htpasswd, TLS key, config) need a line of their own for each file; the refusal says which:',
    `   printf '%s file %s\\n' ${shellWord(registry.serviceUser)} /PATH/OF/THE/FILE >> ${file}`,
    '   With "public-file" in place of "file", a plan can also make it readable for every account. Never write that for a key or a password.',
  ];
}

function approverSigners({ name }: HostSettings, guard: GuardSettings): Step {
  const file = `${directoryOf(guard)}/approver_signers`;
  return [
    `On ${name}, as root: who has to sign plans of high risk with a key of their own, one line for each approver`,
    `   printf '%s\\n' 'NAME namespaces="registry-doctor-approval" PUBLIC-KEY' >> ${file}`,
    `   chown root:root ${file} && chmod 0644 ${file}`,
    '   NAME is how the record shall call them; PUBLIC-KEY is theirs (ed25519, or ed25519-sk for a hardware key).',
  ];
}

function sudoers({ name, ssh }: HostSettings, guard: GuardSettings): Step {
  return [
    `On ${name}, as root: the guard without arguments, and no other command, without a password`,
    ...sudoersInstalled(ssh.user, `${guard.path} ""`),
    '   This replaces the whole file, also the lines of a trial, which have "/bin/sh -s".',
  ];
}

/** What each key allows in the wrong hands. */
export function guardAmounts(host: HostSettings, { approverSignature }: GuardSettings): string {
  const { name } = host;
  const addresses = permittedAddresses(host);
  const connects = addresses.length === 0 ? '' : ` and connect to ${allOfWords(addresses)} there`;
  const bot =
    approverSignature === 'high-risk'
      ? `Anyone who also has the signing key can run low-risk plans on ${name}, but no high-risk plans: those need an approver's own key.`
      : `Anyone who also has the signing key can run what the guard accepts on ${name}: it is no root shell, but it can open and give away what is on the storage path and below it.`;
  return [
    `What this amounts to: anyone who has the SSH key can look at the registry on ${name} as the bot does${connects}, and nothing more.`,
    `${bot} Keep the two keys on different machines if you can.`,
  ].join('\n');
}
