import { appendFileSync, readFileSync } from 'node:fs';

export type OperationKind =
  | 'checkout'
  | 'page'
  | 'settle'
  | 'webhook'
  | 'cancel'
  | 'ship'
  | 'refund'
  | 'refund_in_dashboard'
  | 'next_refund'
  | 'fail_refund'
  | 'dispute'
  | 'close_dispute'
  | 'read_payment'
  | 'restock'
  | 'read_order'
  | 'read_product'
  | 'forged'
  | 'invalid';

/**
 * The outcome of a request. It is `unknown` after a timeout, a cut connection or a 5xx, because the store may have
 * executed the request.
 */
export type Outcome = 'ok' | 'fail' | 'unknown';

export interface Request {
  key?: string;
  orderId?: string;
  paymentId?: string;
  /** The product id and the quantity of each line. */
  cart?: [number, number][];
  amountMinor?: number;
  /** The product id and the quantity of each line that comes back to stock. */
  restock?: [number, number][];
  carrier?: string;
  /** The base address of the api or gateway. */
  to: string;
  what?: string;
}

export interface Response {
  status?: number;
  /** The `code` of an error response, or the reason why there was no answer. */
  code?: string;
  orderId?: string;
  paymentId?: string | null;
  orderStatus?: string;
  paymentStatus?: string;
  progress?: number;
  carrier?: string;
  refundId?: string;
  amountMinor?: number;
  /** True if the answer contained a payment URL. */
  payable?: boolean;
}

/** One line of the history, as in Jepsen: the start or the end of an operation. */
type HistoryLine =
  | { type: 'invoke'; id: number; at: number; process: string; f: OperationKind; request: Request }
  | { type: Outcome; id: number; at: number; response: Response };

/** An operation with its end. Times are milliseconds since the epoch. */
export interface Operation {
  id: number;
  process: string;
  f: OperationKind;
  request: Request;
  startMs: number;
  /** Infinity if the end is not known. */
  endMs: number;
  outcome: Outcome;
  response: Response;
}

export interface History {
  /** @returns the id of the operation */
  invoke(operation: { process: string; f: OperationKind; request: Request }): number;
  complete(id: number, end: { outcome: Outcome; response: Response }): void;
}

/** Writes a history line by line, so that the history survives a crash of the run. */
export function openHistory(file: string): History {
  let last = 0;
  const write = (line: HistoryLine): void => appendFileSync(file, `${JSON.stringify(line)}\n`);
  return {
    invoke: (operation) => {
      last += 1;
      write({ type: 'invoke', id: last, at: Date.now(), ...operation });
      return last;
    },
    complete: (id, { outcome, response }) => write({ type: outcome, id, at: Date.now(), response }),
  };
}

/** Reads a history. An operation without an end is `unknown`. */
export function readHistory(file: string): Operation[] {
  return pairUp(readJsonLines<HistoryLine>(file));
}

function pairUp(lines: HistoryLine[]): Operation[] {
  const operations = new Map<number, Operation>();
  for (const line of lines) {
    if (line.type === 'invoke') {
      const { id, at: startMs, process, f, request } = line;
      operations.set(id, { id, process, f, request, startMs, endMs: Infinity, outcome: 'unknown', response: {} });
      continue;
    }
    const operation = operations.get(line.id);
    if (operation === undefined) throw new Error(`the history ends operation ${line.id} before it starts`);
    Object.assign(operation, { endMs: line.at, outcome: line.type, response: line.response });
  }
  return [...operations.values()];
}

export function readJsonLines<Line>(file: string): Line[] {
  const text = readFileSync(file, 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}
