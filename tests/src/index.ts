export { createTestDatabase, digestOf, setAvailable, stockOf, type TestDatabase } from './support/store/database';
export { newPaymentId, type TestGateway, testGateway } from './support/gateway/gateway';
export { sharedServers } from './support/env';
export { eventually } from './support/eventually';
export { currentName, exportHistory, type HistoryJson, readHistories } from './support/histories/histories';
export { type PostgresProxy, startPostgresProxy } from './support/network/postgresProxy';
export { noRuns, type TestMonitor, testMonitor } from './support/temporal/monitor';
export { recordTicks, ticksOf, wholeDispatch } from './support/store/ticks';
export { type StripeUnderTest, stripeUnderTest } from './support/gateway/stripe/underTest';
