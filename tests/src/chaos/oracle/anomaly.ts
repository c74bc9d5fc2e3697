/** The invariants of the design. */
export const invariants = {
  I1: 'per product: seed + movements = inventory; never negative in any snapshot taken during the run',
  I2: 'at most one order a key, and none of a key that nobody sent; identical ids in all 2xx answers of that key',
  I3: 'per charge: captured - refunded = order total if the order is paid or dispatched, else 0',
  I4: 'everything answered 2xx exists at the end',
  I5: 'within 60 s of quiet: no order that is neither dispatched nor cancelled, no expired hold, no open workflow',
  I6: 'readers never see a status go backwards',
  I7: 'forged and invalid traffic changed no row',
  I8: 'sold out was only answered when there was none',
  I9: "the order's state is the workflow's result; every history replays on the current code",
  I10: 'one dispatch a paid order, ten ticks each',
} as const;

export type InvariantName = keyof typeof invariants;

/** A violation of an invariant. */
export interface Anomaly {
  invariant: InvariantName;
  /** A sentence with the ids concerned. */
  what: string;
}

/** Makes anomalies of one invariant from sentences. */
export function breaking(invariant: InvariantName, sentences: Iterable<string>): Anomaly[] {
  return [...sentences].map((what) => ({ invariant, what }));
}

export function groupedBy<Item, Key>(items: Iterable<Item>, keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
