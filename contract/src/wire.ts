import type { CancelReason, OrderStatus, PaymentStatus } from './statuses';

/** What the api answers for one product. */
export interface ProductBody {
  product_id: number;
  product: string;
  description: string;
  /** Units that can be bought now. */
  inventory: number;
  /** Decimal string in `currency`. */
  price: string;
  price_minor: number;
  currency: string;
}

/** What the api tells a storefront of itself. */
export interface SettingsBody {
  /** Whether the controls of a demonstration are there: the crash button, restock without a token. */
  demo: boolean;
  /** How long a checkout waits for its payment, in milliseconds. */
  payment_window_ms: number;
}

/** What the api answers for one checkout to a client that accepts JSON. */
export interface CheckoutBody {
  /** Null when the stock was not there. */
  payment_id: string | null;
  order_id: string;
  /** Where the checkout has left the order; a PAID order goes on in its dispatch. */
  status: OrderStatus;
  total_minor: number;
  currency: string;
  /** End of the payment window, ISO 8601. */
  expires_at: string;
  /** The storefront's page that leads to the gateway's; null when the stock was not there. */
  payment_url: string | null;
}

export interface OrderItemBody {
  product_id: number;
  product: string;
  quantity: number;
  price: string;
  price_minor: number;
}

/** What the api answers for one order. */
export interface OrderBody {
  order_id: string;
  /** 0 PENDING, 2 PAID, 1 DISPATCHED, -1 CANCELLED. */
  order_status: number;
  status: OrderStatus;
  /** When it was placed, ISO 8601, UTC. */
  created_at: string;
  /** ISO 8601, UTC. */
  last_update_time: string;
  /** Seconds of dispatch left, 10 down to 0. */
  progress_remaining: number;
  items: OrderItemBody[];
  total: string;
  total_minor: number;
  currency: string;
  payment_status: PaymentStatus;
  cancel_reason: CancelReason | null;
  /** Null when the stock was not there. */
  payment_id: string | null;
  /** End of the payment window, ISO 8601. */
  expires_at: string;
  /** Null unless the payment was given back. */
  refund: RefundBody | null;
}

/** What was given back of an order's payment. */
export interface RefundBody {
  /** The gateway's id; null when the gateway had captured nothing, as with a payment of the unsigned form. */
  refund_id: string | null;
  amount: string;
  amount_minor: number;
  /** ISO 8601. */
  refunded_at: string;
}

/** Where to pay. */
export interface PaymentPageBody {
  order_id: string;
  status: OrderStatus;
  /** The gateway's page; null when there is nothing left to pay. */
  payment_url: string | null;
}

/** RFC 9457 problem details, with `code`, `retryable` and `request_id` as our extension members. */
export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  code: string;
  retryable: boolean;
  /** Also in the header `X-Request-Id`, on the lines of the log and on the span of the request. */
  request_id: string;
}
