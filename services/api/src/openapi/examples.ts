/**
 * The ids and the amount in the examples of the OpenAPI document. The tests place orders with these ids, and send every
 * example.
 */
export const examples = {
  idempotencyKey: 'my-first-key',
  orderId: 'ord_00112233445566778899aabbccddeeff',
  paymentId: 'pay_00112233445566778899aabbccddeeff',
  paidOrderId: 'ord_ffeeddccbbaa99887766554433221100',
  shippableOrderId: 'ord_00ff11ee22dd33cc44bb55aa66997788',
  returnedOrderId: 'ord_99887766aabbccddeeff001122334455',
  disputedOrderId: 'ord_aa11bb22cc33dd44ee55ff6600778899',
  failedRefundId: 'ref_0123456789abcdef0123456789abcdef',
  outgoingEventId: 'evt_0123456789abcdef0123456789abcdef',
  totalMinor: 9999,
} as const;
