import { randomBytes } from 'node:crypto';
import type { OrderBody, ProblemBody } from '@widget-store/api';
import { eventually } from '../eventually';
import { contractAt } from './openapi';

export interface Answer {
  status: number;
  contentType: string;
  headers: Headers;
  text: string;
}

/** A client of the store's HTTP API. It checks every response against the store's OpenAPI document. */
export interface Shopper {
  send(method: string, path: string, init?: { body?: string; headers?: Record<string, string> }): Promise<Answer>;
  checkout(key?: string): Promise<Answer>;
  /**
   * Makes a checkout that must succeed. Repeats it while the store refuses it as overloaded, which can happen on a slow
   * machine.
   *
   * @returns the payment id
   * @throws Error if the checkout fails
   */
  reserve(key?: string): Promise<string>;
  webhook(paymentId: string, status: string): Promise<Answer>;
  order(orderId: string): Promise<OrderBody>;
}

export const json = { 'Content-Type': 'application/json' };
const callDeadlineMs = 20_000;

export const bearer = (token: string): Record<string, string> => ({ Authorization: `Bearer ${token}` });

export const problemOf = ({ text }: Answer): ProblemBody => JSON.parse(text) as ProblemBody;

export const isNotRefusedForLoad = (answer: Answer): boolean =>
  answer.status !== 503 || problemOf(answer).code !== 'overloaded';

export const newKey = (): string => `key-${randomBytes(8).toString('hex')}`;

export function shopperOf(apiUrl: string): Shopper {
  const send: Shopper['send'] = async (method, path, { body, headers = {} } = {}) => {
    const signal = AbortSignal.timeout(callDeadlineMs);
    const init = body === undefined ? { method, headers, signal } : { method, headers, signal, body };
    const response = await fetch(apiUrl + path, init);
    const answer = {
      status: response.status,
      contentType: response.headers.get('Content-Type') ?? '',
      headers: response.headers,
      text: await response.text(),
    };
    contractAt(apiUrl).check({ method, path }, answer);
    return answer;
  };
  const checkout: Shopper['checkout'] = (key = newKey()) => send('POST', `/checkout/${key}`, { headers: json });
  return {
    send,
    checkout,
    reserve: async (key = newKey()) => {
      const answer = await eventually(() => checkout(key), isNotRefusedForLoad);
      if (answer.status !== 200) throw new Error(`checkout answered ${answer.status}: ${answer.text}`);
      return answer.text;
    },
    webhook: (paymentId, status) =>
      send('POST', `/payment_webhook/${paymentId}/${status}`, { headers: json, body: JSON.stringify({ status }) }),
    order: async (orderId) => {
      const answer = await send('GET', `/order/${orderId}`);
      if (answer.status !== 200) throw new Error(`order answered ${answer.status}: ${answer.text}`);
      return JSON.parse(answer.text) as OrderBody;
    },
  };
}
