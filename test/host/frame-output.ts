/** Records as a script prints them, so that a test can say what no real host would. */
export function framed(
  script: string,
  nonce: string,
  records: readonly (readonly [key: string, value: string | Buffer])[],
): Buffer {
  const all = [
    [`registry-doctor/1 ${script}`, nonce] as const,
    ...records,
    ['end', `${nonce} ${records.length + 1}`] as const,
  ];
  const nul = Buffer.from([0]);
  return Buffer.concat(
    all.flatMap(([key, value], index) => [Buffer.from(`${index} ${key}`), nul, Buffer.from(value), nul]),
  );
}
