import { checkpointKey } from '../../hash/checkpoint.ts';
import { type NoteKey, parseVerifierKey, verifierKey } from '../../hash/signed-note.ts';
import type { SigningKey } from '../../model/settings/settings.ts';
import { readPublicKey, readPublicKeyLines } from '../files/public-key-file.ts';
import type { Console } from '../terminal/console.ts';
import { EXIT } from '../terminal/exit-status.ts';

/** The end of the wire format of an Ed25519 key (RFC 8709, section 4). */
const PUBLIC_KEY_BYTES = 32;

/** The keys whose signatures count on the record's checkpoints: the one that signs now, and those of the files. Without those that can't be read. */
export async function recordKeys(
  signing: SigningKey | null,
  formerKeys: readonly string[],
): Promise<readonly NoteKey[]> {
  const now = await signingKeyOf(signing);
  const former = await Promise.all(formerKeys.map(async (file) => noteKey(await readPublicKey(file))));
  return [now, ...former].filter((key) => key !== null);
}

/** The keys that someone names: one as `audit key` prints it, or a file of such lines or of a public key. Empty: there is none. */
export async function keysNamed(lineOrFile: string): Promise<readonly NoteKey[]> {
  const named = parseVerifierKey(lineOrFile);
  if (named !== null) return [named];
  const lines = (await readPublicKeyLines(lineOrFile)) ?? [];
  return lines.map((line) => parseVerifierKey(line) ?? noteKey(line)).filter((key) => key !== null);
}

/** Null: the config has no signing key, or there is no Ed25519 key in its `.pub` file. */
async function signingKeyOf(signing: SigningKey | null): Promise<NoteKey | null> {
  return signing === null ? null : noteKey(await readPublicKey(`${signing.file}.pub`));
}

/** `line`: of a public key file. Null: it has no Ed25519 key. */
function noteKey(line: string | null): NoteKey | null {
  const [type, base64 = ''] = line?.split(' ') ?? [];
  return type === 'ssh-ed25519' ? checkpointKey(Buffer.from(base64, 'base64').subarray(-PUBLIC_KEY_BYTES)) : null;
}

/** `audit key`: the public key of the checkpoints in the one-line form that other verifiers and witnesses take. */
export async function printRecordKey(signing: SigningKey | null, console: Console): Promise<number> {
  const key = await signingKeyOf(signing);
  if (key === null) {
    console.err(`${console.words.cli.noRecordKey(signing?.file ?? null)}\n`);
    return EXIT.usage;
  }
  console.out(`${verifierKey(key)}\n`);
  return EXIT.good;
}
