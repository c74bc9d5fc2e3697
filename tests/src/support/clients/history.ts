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
