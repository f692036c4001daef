import { setTimeout as sleep } from 'node:timers/promises';

const DEADLINE_MS = 60_000;

/** Asks until the answer has the expected status, which takes a registry a few checks, and returns the body. */
export async function answerOf(url: string, expectedStatus: number): Promise<string> {
  const deadline = Date.now() + DEADLINE_MS;
  while (Date.now() < deadline) {
    const answer = await fetch(url);
    const body = await answer.text();
    if (answer.status === expectedStatus) return body.trim();
    await sleep(50);
  }
  throw new Error(`${url} never answered ${expectedStatus}`);
}
