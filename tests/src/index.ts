export { createTestDatabase, setAvailable, stockOf, type TestDatabase } from './support/database';
export { recordTicks, ticksOf, wholeDispatch } from './support/ticks';
