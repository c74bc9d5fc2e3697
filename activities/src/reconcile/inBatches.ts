import { heartbeat } from '@temporalio/activity';

/** Does the work for each item, a batch at a time, with a heartbeat for each. @returns the results in the order of the items */
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
