export { createTestDatabase, digestOf, setAvailable, stockOf, type TestDatabase } from './support/database';
export { newPaymentId, type TestGateway, testGateway } from './support/gateway';
export { sharedServers } from './support/env';
export { eventually } from './support/eventually';
export { currentName, exportHistory, type HistoryJson, readHistories } from './support/histories';
export { type PostgresProxy, startPostgresProxy } from './support/postgresProxy';
export { noRuns, type TestMonitor, testMonitor } from './support/monitor';
export { recordTicks, ticksOf, wholeDispatch } from './support/ticks';
export { type StripeUnderTest, stripeUnderTest } from './support/stripe/underTest';
