export {
  countBlocked,
  createTestDatabase,
  digestOf,
  setAvailable,
  stockOf,
  type TestDatabase,
} from './support/store/database';
export { newPaymentId, refundByHand, refundToMake, type TestGateway, testGateway } from './support/gateway/gateway';
export { demoProducts } from './support/servers/demoProducts';
export { sharedServers } from './support/env';
export { type EventReceiver, startEventReceiver } from './support/http/eventReceiver';
export { eventually } from './support/eventually';
export { exportHistory } from './support/histories/histories';
export { newOrderId } from './support/orderIds';
export { type PostgresProxy, startPostgresProxy } from './support/network/postgresProxy';
export { noRuns, type TestMonitor, testMonitor } from './support/temporal/monitor';
export { recordTicks, ticksOf, wholeDispatch } from './support/store/ticks';
export { recordDispute, recordRefund } from './support/gateway/stripe/account';
export type { Charge } from './support/gateway/stripe/objects';
export { type StripeUnderTest, stripeUnderTest } from './support/gateway/stripe/underTest';
