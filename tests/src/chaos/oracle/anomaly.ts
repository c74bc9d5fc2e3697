/** The invariants of the store. docs/reliability.md explains them. */
export const invariants = {
  I1: 'for each product, initial stock plus movements equals inventory, which is never negative',
  I2: 'a key has at most one order or refund, and all its 2xx responses have the same ids; each order and each refund has a key that a client has sent',
  I3: 'for each paid or shipped order, the gateway keeps the total less the refunds, and for any other order nothing; order and gateway show the same refunds and disputes; refunds never exceed the capture',
  I4: 'every order, payment and refund with a 2xx response exists at the end',
  I5: 'within 60 s after load and faults stop, every order has ended or waits for an operator, no hold has expired, and no workflow is open',
  I6: "readers never see an order's status go backwards",
  I7: 'forged and invalid requests change no row',
  I8: 'the store responds with "sold out" only if the stock was too low',
  I9: "the order's state equals its workflow's result; every history replays on the current code",
  I10: 'only paid orders are shipped, and each at most once: with ten ticks, or with one parcel if its fulfilment is manual',
  I11: 'the event of each change arrives at least once, under one id; the events of an order arrive in their sequence',
  I12: 'no history of Temporal and no log line has personal data',
} as const;

export type InvariantName = keyof typeof invariants;

export interface Anomaly {
  invariant: InvariantName;
  /** A sentence that names the ids of the orders, payments or requests involved. */
  what: string;
}

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
