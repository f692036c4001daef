import { timingSafeEqual } from 'node:crypto';
import type { AuthContext, Connection, ParsedKey } from 'ssh2';

/** Accepts a login only by this user with this key. Refuses every other user, key and method. */
export function acceptOnlyKey(connection: Connection, user: string, key: ParsedKey): void {
  connection.on('authentication', (attempt) => {
    if (attempt.username === user && mayProceed(attempt, key)) attempt.accept();
    else attempt.reject(['publickey']);
  });
}

/** Whether this attempt signs with the key, or asks whether the key would be accepted. */
function mayProceed(attempt: AuthContext, key: ParsedKey): boolean {
  if (attempt.method !== 'publickey') return false;
  const expected = key.getPublicSSH();
  if (attempt.key.data.length !== expected.length || !timingSafeEqual(attempt.key.data, expected)) return false;
  // Without a signature the client only asks whether the server would accept this key (RFC 4252, section 7).
  if (!attempt.signature || !attempt.blob) return true;
  return key.verify(attempt.blob, attempt.signature, attempt.hashAlgo) === true;
}
