import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type EventReceiver, startEventReceiver } from '../support/http/eventReceiver';
import { certificateAuthority } from '../support/network/certificate';
import type { Random } from '../support/random';

/** The receiver refuses an event at most this number of times, so that the wait after the load stays short. */
const maxRefusals = 3;
const slowMs = 2000;

/**
 * Starts a receiver of outgoing events. The receiver often refuses an event, answers late, or breaks the connection
 * off.
 *
 * @param folder gets the certificate that the workers must trust
 * @returns the receiver, and the environment variables with which a worker sends its events to the receiver
 */
export async function startUnreliableReceiver(
  folder: string,
  random: Random,
): Promise<{ receiver: EventReceiver; environment: Record<string, string> }> {
  const authority = certificateAuthority();
  const authorityFile = join(folder, 'authority.pem');
  writeFileSync(authorityFile, authority.cert);
  const receiver = await startEventReceiver(authority.issue('localhost'));
  receiver.answer = async ({ id }) => {
    const refusals = receiver.received.filter((event) => event.id === id && event.status !== 200).length;
    const answer = random.weighted({ accept: 9, slow: 1, refuse: 2, redirect: 1, drop: 2 });
    if (answer === 'accept' || refusals >= maxRefusals) return { status: 200 };
    switch (answer) {
      case 'slow':
        await delay(slowMs);
        return { status: 200, body: 'x'.repeat(100_000) };
      case 'refuse':
        return { status: 503 };
      case 'redirect':
        return { status: 307, headers: { location: 'https://localhost/' } };
      case 'drop':
        return { status: null, drops: true };
      default:
        return answer satisfies never;
    }
  };
  return {
    receiver,
    environment: {
      EVENTS_WEBHOOK_URL: receiver.url,
      EVENTS_WEBHOOK_SECRET: receiver.secret,
      EVENTS_WEBHOOK_ALLOW_PRIVATE: 'localhost',
      NODE_EXTRA_CA_CERTS: authorityFile,
    },
  };
}
