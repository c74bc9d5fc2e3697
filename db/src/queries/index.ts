/** The queries of the store. Each query in this list becomes a method of `Store`. */
export { listAllMovements } from './allMovements';
export { countAttention, keepMoney, listAttention, listSoldOut } from './attention';
export { auditHolds, listStockMismatches } from './auditStock';
export { eraseBuyer, eraseOldBuyers, readBuyer, recordBuyer } from './buyers';
export {
  correctShipment,
  markReadyToShip,
  readDispatch,
  readDispatchProgress,
  shipOrder,
  tickDispatch,
} from './dispatch';
export { recordCancelRequest } from './operatorActions';
export { countOrders, readOrderRecord } from './operations';
export { readDisputeStatuses, readPaymentTimes, searchOrders } from './orderSearch';
export { findCheckout, readOldestHold, readOrder, readOrders, readOrdersToShip } from './orders';
export {
  claimEvents,
  readEventBacklog,
  redeliverEvent,
  redeliverEvents,
  renewEventReceiver,
  settleEvents,
} from './outgoingEvents';
export { findPaymentOfIntent, recordPaymentReferences, readPaymentReference } from './paymentReferences';
export { readState } from './orderState';
export { findPlacedOrder, placeOrder } from './placeOrder';
export { changeProduct, createProduct, listProducts, readProduct, readProducts } from './products';
export {
  listRecentPayments,
  listUnfinished,
  listUnsettledPayments,
  recordComparedAt,
  readComparedAt,
  readOrderFacts,
} from './reconcile';
export { beginRefund, listRefundsToMake, recordLedger, recordRefund, requestRefund, settleRefund } from './refunds';
export { returnItems } from './returns';
export { checkWritable, notifyListeners, readClock } from './server';
export { cancelOrder, cancelPaidOrder, markOrderPaid } from './settleOrder';
export { adjustStock, listStockMovements, readStockLevel, restock } from './stock';
