import { setTimeout as delay } from 'node:timers/promises';
import { type Answer, expectOk, newKey, postWithRetry, type Shop } from './shop';

const openersAtOnce = 32;
const retryMs = 50;
const deadlineMs = 120_000;

/** Opens checkouts that then wait for their payments. Resolves with the ids of the payments. */
export async function openCheckouts(shop: Shop, count: number): Promise<string[]> {
  const paymentIds: string[] = [];
  let left = count;
  const keepOpening = async (): Promise<void> => {
    while (left-- > 0) {
      const path = `/checkout/${newKey()}`;
      paymentIds.push(expectOk(path, (await postWithRetry(shop, path)).answer));
    }
  };
  await Promise.all(Array.from({ length: openersAtOnce }, keepOpening));
  return paymentIds;
}

/**
 * Sends a request again and again until the store answers 200, while the store may be down. The pause between attempts
 * is short, so that it does not hide when the store is back.
 *
 * @returns the answer's text
 * @throws Error if the store has not answered 200 after two minutes
 */
export async function postUntilOk(shop: Shop, path: string): Promise<string> {
  const lateAtMs = performance.now() + deadlineMs;
  for (;;) {
    const answer = await shop.post(path).catch((error: Error): Answer => unreachable(error));
    if (answer.status === 200) return answer.text;
    if (performance.now() > lateAtMs) return expectOk(path, answer);
    await delay(retryMs);
  }
}

function unreachable({ message }: Error): Answer {
  return { status: 0, text: message, retryAfterSeconds: 0 };
}
