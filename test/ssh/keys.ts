/** Public keys for the tests, in the form of a .pub file without comment; no one has their private halves any more. */
export const ed25519Key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFuGQRZHIOf5vmBHS95YUosbzjkvro5NqyHDk3f2bn2P';
export const otherEd25519Key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIECWmsG7JDp3EZ8tKvScs0LcmvQIkyejglcU76AUiDE0';
export const ecdsaKey =
  'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBIlrpYGP7mtlFC1jlqjrGq5Cefgd3f5rtqj04WfmWL5sqWGpZDo84fiF+gKN0GbCg4ZBVhylMZCY4onE5BaxlEo=';
export const rsaKey =
  'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDXLjpehYQkpJg51EqhiLxiE0OlIR58yOdaR/HjunnchsBqsCP4my4OamdMfO3YfUAsw38R5PEzSl69Y2N2lGrapFKnF4jQAVesENMyMRREN6knzwmobWB1h83HF/QMPcD0cznKNP5/uGCDx5VxTxd3oJeTSfqmg/cQcZxpZGqyFiiB3fjufMtWtsV5DwdeQ5ytinn2/xX4Avu3vXq/jf8l/7O+GzRZNkmxkLpnHUsfUrcXPo5DIU4tPgvuYqTrBzZzRaS3RQ+2PfDM4VYkmN4mEz+e4Gl6j6d519Zm/objvNL0MDYA42JeZmKE1oT8zbWk8Ez0m8mT2EwYjtKl24xX';

/** What `ssh-keygen -l` prints for {@link ed25519Key}. */
export const ed25519Fingerprint = 'SHA256:q+yMR96ebD4m3wCniypklXzMCZZKIM4bZ5QD1WmXtQU';

/** The bytes of a key, as they go over the wire. */
export function wire(publicKey: string): Buffer {
  return Buffer.from(publicKey.split(' ')[1] ?? '', 'base64');
}
