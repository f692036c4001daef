import { timingSafeEqual } from 'node:crypto';
import type { AuthContext, Connection, ParsedKey } from 'ssh2';

/** Lets in the one user who signs with the one key; everybody else, and every other method, is refused. */
export function acceptOnlyKey(connection: Connection, user: string, key: ParsedKey): void {
  connection.on('authentication', (attempt) => {
    if (attempt.username === user && isSignedBy(attempt, key)) attempt.accept();
    else attempt.reject(['publickey']);
  });
}

function isSignedBy(attempt: AuthContext, key: ParsedKey): boolean {
  if (attempt.method !== 'publickey') return false;
  const expected = key.getPublicSSH();
  if (attempt.key.data.length !== expected.length || !timingSafeEqual(attempt.key.data, expected)) return false;
  // Without a signature the client only asks whether this key would do (RFC 4252, section 7).
  if (!attempt.signature || !attempt.blob) return true;
  return key.verify(attempt.blob, attempt.signature, attempt.hashAlgo) === true;
}
