import { heldPlansOn } from '../../compose/record/host-witness.ts';
import type { Config } from '../../config/config.ts';
import { readSshEnvironment } from '../../config/environment.ts';
import type { HostSettings } from '../../model/settings/settings.ts';
import type { CommandLine } from '../terminal/command-line.ts';
import { hostNamed } from '../terminal/host-named.ts';
import { refuse } from '../terminal/load-config.ts';
import { withSpinner } from '../terminal/spinner.ts';
import { NOTHING_ASKED, type Testimony } from './testimony.ts';

/** What the host says of the plans that ran there. Null: the host can't be asked with this config, which has been said. */
export async function askHost(
  name: string,
  { config, file }: { readonly config: Config; readonly file: string },
  { console, process }: CommandLine,
): Promise<Testimony | null> {
  const host = hostNamed(name, config, console);
  if (host === null) return null;
  const ssh = readSshEnvironment(process.env, [host]);
  if (ssh.kind !== 'ok') {
    refuse(file, ssh.problems, console);
    return null;
  }
  const { auditVerify } = console.words;
  const ask = () => heldPlansOn(host, config.ssh, { ssh: ssh.value, process });
  return testimonyOf(host, await withSpinner(console, auditVerify.askingHost(host.name), ask), console);
}

function testimonyOf(
  { name }: HostSettings,
  answer: Awaited<ReturnType<typeof heldPlansOn>>,
  { words: { auditVerify } }: CommandLine['console'],
): Testimony {
  if (answer.kind === 'no-answer')
    return { ...NOTHING_ASKED, notCompared: [auditVerify.hostNotCompared(name, answer.why)] };
  const { held } = answer;
  const isWhole = held.held <= held.plans.length;
  return {
    ...NOTHING_ASKED,
    held: [held],
    agrees: [auditVerify.agreesWithHost(held)],
    notCompared: isWhole ? [] : [auditVerify.hostPartlyCompared(held)],
  };
}
