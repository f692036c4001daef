import { patternListMatches } from '../trust/host-pattern.ts';

/** Principals, options that the line may have, the type of the key and the key (ssh-keygen(1), ALLOWED SIGNERS). */
const LINE =
  /^\s*(?:"[^"]+"|[^\s"#]\S*)\s+(?<options>(?:(?:cert-authority|(?:namespaces|valid-after|valid-before)="[^"]*")(?:,|\s+))*)(?<type>[a-z0-9@.-]+)\s+(?<key>[A-Za-z0-9+/]+={0,2})(?:\s|$)/i;
const NAMESPACES = /(?:^|,)namespaces="([^"]*)"/i;

/** Whether any line of a file of allowed signers has a key whose signatures can count for this purpose. */
export function hasUsableSigner(text: string, namespace: string): boolean {
  return text.split(/\r?\n/).some((line) => mayCount(line, namespace));
}

/**
 * Whether a line can count for this purpose. Validity dates are left to ssh-keygen, which checks them against a
 * signature.
 */
function mayCount(line: string, namespace: string): boolean {
  const { options = '', type = '', key = '' } = LINE.exec(line)?.groups ?? {};
  if (!isKeyOfType(key, type)) return false;
  const [, namespaces] = NAMESPACES.exec(options) ?? [];
  return namespaces === undefined || patternListMatches(namespaces, namespace);
}

/** A public key begins with its own type (RFC 4253, section 6.6). */
function isKeyOfType(base64: string, type: string): boolean {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length < 4) return false;
  const length = bytes.readUInt32BE(0);
  return bytes.subarray(4, 4 + length).toString('latin1') === type && bytes.length > 4 + length;
}
