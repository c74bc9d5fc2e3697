/** The queries of the store. Each query in this list becomes a method of `Store`. */
export { auditHolds, listStockMismatches } from './auditStock';
export { readDispatchProgress, tickDispatch } from './dispatch';
export { countOrders, readOrderRecord, searchOrders } from './operations';
export { findCheckout, readOldestHold, readOrder, readOrders } from './orders';
export { recordPaymentReferences, readPaymentReference } from './paymentReferences';
export { findPlacedOrder, placeOrder } from './placeOrder';
export { changeProduct, listProducts, readProduct, readProducts, restock } from './products';
export { listNewlyPaid, listUnfinished, recordComparedAt, readComparedAt, readOrderFacts } from './reconcile';
export { beginRefund, listRefundsToMake, recordGatewayRefunds, recordRefund, requestRefund } from './refunds';
export { checkWritable, notifyListeners, readClock } from './server';
export { cancelOrder, cancelPaidOrder, markOrderPaid } from './settleOrder';
