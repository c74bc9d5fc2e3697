import { heartbeat } from '@temporalio/activity';

/**
 * Does the work for all items in batches, with a heartbeat before each batch.
 *
 * @returns the results in the same sequence as the items
 */
export async function inBatches<Item, Result>(
  items: Item[],
  size: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += size) {
    heartbeat();
    results.push(...(await Promise.all(items.slice(start, start + size).map(work))));
  }
  return results;
}
