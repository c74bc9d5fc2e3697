import type { Store } from '@widget-store/db';
import type { Logger } from '@widget-store/runtime';
import { keepUp, type UpkeepOptions } from './upkeep';

/** The maximum number of rows that one statement changes. */
const limit = 500;

interface RetentionOptions extends UpkeepOptions {
  /** How many days a finished order keeps its buyer after its last change. Undefined if buyers are kept for ever. */
  days: number | undefined;
  log: Pick<Logger, 'info' | 'error'>;
}

/**
 * Erases the buyers of old orders periodically until `stop` is aborted. Every worker does this, but each buyer is
 * erased only once.
 */
export async function keepErasingBuyers(
  store: Pick<Store, 'eraseOldBuyers'>,
  { days, ...upkeep }: RetentionOptions,
): Promise<void> {
  if (days === undefined) return;
  await keepUp(async () => {
    let erased: string[];
    do {
      erased = await store.eraseOldBuyers({ days, limit });
      for (const orderId of erased) upkeep.log.info({ orderId }, 'a buyer was erased');
    } while (erased.length === limit);
  }, upkeep);
}
