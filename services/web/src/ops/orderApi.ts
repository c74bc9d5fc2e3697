import type { AppType } from '@widget-store/api';
import type { hc } from 'hono/client';
import { withBody } from './productApi.js';

export interface ShipRequest {
  carrier?: string;
  tracking_url?: string;
}

export interface ShipmentCorrection {
  orderId: string;
  /** The version of the order that the operator has seen. */
  version: string;
  request: ShipRequest;
}

export interface RefundRequest {
  amount_minor: number;
  reason?: string;
  restock: { product_id: number; quantity: number }[];
  /** The id of the failed refund that this refund replaces. */
  replaces?: string;
}

export interface ReturnRequest {
  items: { product_id: number; quantity: number }[];
  reason?: string;
}

/** The api calls that change an order. `createOpsApi` includes them. */
export function createOrderApi(client: ReturnType<typeof hc<AppType>>) {
  return {
    cancel: async (orderId: string) => {
      await client.ops.orders[':order_id'].cancel.$post(orderParam(orderId));
    },
    /** Idempotent: repeating a request with the same key makes no second refund. */
    refund: async ({ orderId, request, key }: { orderId: string; request: RefundRequest; key: string }) => {
      await client.order[':order_id'].refunds.$post(
        { ...orderParam(orderId), header: { 'idempotency-key': key } },
        withBody(request),
      );
    },
    /** Puts pieces back into stock without a refund. Idempotent: repeating a request with the same key changes nothing. */
    returnItems: async ({ orderId, request, key }: { orderId: string; request: ReturnRequest; key: string }) => {
      await client.order[':order_id'].returns.$post(
        { ...orderParam(orderId), header: { 'idempotency-key': key } },
        withBody(request),
      );
    },
    /** Removes the personal data of an order for good. Idempotent. */
    eraseBuyer: async (orderId: string) => {
      await client.ops.orders[':order_id'].buyer.$delete(orderParam(orderId));
    },
    /** Records that the shopper has received the money of a failed refund in another way. Idempotent. */
    settle: async ({ orderId, refundId, note }: { orderId: string; refundId: string; note: string }) => {
      await client.order[':order_id'].refunds[':refund_id'].settle.$post(
        { param: { ...orderParam(orderId).param, refund_id: encodeURIComponent(refundId) } },
        withBody({ note }),
      );
    },
    /** Records that the shop keeps the money of a cancelled order after its disputes. Idempotent. */
    keepMoney: async (orderId: string) => {
      await client.ops.orders[':order_id'].keep_money.$post(orderParam(orderId));
    },
    /** Idempotent: repeating a request with the same carrier and tracking link changes nothing. */
    ship: async ({ orderId, request }: { orderId: string; request: ShipRequest }) => {
      await client.order[':order_id'].ship.$post(orderParam(orderId), withBody(request));
    },
    /** Idempotent: repeating a request changes nothing. */
    correctShipment: async ({ orderId, version, request }: ShipmentCorrection) => {
      const header = { 'if-match': version };
      await client.order[':order_id'].shipment.$put({ ...orderParam(orderId), header }, withBody(request));
    },
  };
}

export function orderParam(orderId: string) {
  return { param: { order_id: encodeURIComponent(orderId) } };
}
