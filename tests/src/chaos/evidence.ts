import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  CancelReason,
  DisputeStatus,
  Fulfilment,
  OrderStatus,
  PaymentStatus,
  RefundSource,
  RefundStatus,
  StockMovementKind,
} from '@widget-store/contract';
import type { EventReceiver } from '../support/http/eventReceiver';
import type { Operation } from '../support/clients/history';
import { readHistory, readJsonLines } from './historyFile';

/** A row of `orders`. Times are ISO 8601. */
export interface OrderRecord {
  orderId: string;
  key: string;
  paymentId: string | null;
  status: OrderStatus;
  paymentStatus: PaymentStatus;
  paymentEventId: string | null;
  cancelReason: CancelReason | null;
  totalMinor: number;
  capturedMinor: number;
  refundedMinor: number;
  refunds: RefundRecord[];
  disputes: DisputeRecord[];
  progress: number;
  fulfilment: Fulfilment;
  /** Whether the order waits for an operator to ship it. */
  isToShip: boolean;
  carrier: string | null;
  createdAt: string;
  expiresAt: string;
}

/** Tells whether the store still works on the order. An order that waits for an operator's shipment is not open. */
export function isOpen({ status, paymentStatus, isToShip }: OrderRecord): boolean {
  return status === 'PENDING' || (status === 'PAID' && !isToShip) || paymentStatus === 'refunding';
}

/** A dispute, from the database or from the gateway. */
interface DisputeRecord {
  gatewayDisputeId: string;
  amountMinor: number;
  status: DisputeStatus;
}

export interface RefundRecord {
  refundId: string;
  amountMinor: number;
  status: RefundStatus;
  source: RefundSource;
  gatewayRefundId: string | null;
  settledBy: string | null;
}

export interface Movement {
  movementId: number;
  productId: number;
  orderId: string | null;
  kind: StockMovementKind;
  quantity: number;
  createdAt: string;
}

export interface DatabaseDump {
  products: { productId: number; inventory: number }[];
  orders: OrderRecord[];
  /** The shopper bought `quantity` units. Of these units, `returned` are back in stock. */
  items: { orderId: string; productId: number; quantity: number; returned: number }[];
  /** The movements in the order of their ids. */
  movements: Movement[];
  /** Every change of an order's progress, oldest first. */
  ticks: { orderId: string; before: number; after: number }[];
  /** The status of each order after each of its changes, oldest first within an order. */
  statusChanges: { orderId: string; status: OrderStatus }[];
  /** The number of outgoing events that the receiver has not accepted. */
  undelivered: number;
}

/** The stock of a product at one moment of the run. */
export interface Snapshot {
  /** The statement that read the stock ran between `startMs` and `endMs`, both in milliseconds since the epoch. */
  startMs: number;
  endMs: number;
  productId: number;
  inventory: number;
  /** The sum of the product's movements. */
  moved: number;
  lastMovementId: number;
}

export interface Charge {
  paymentId: string;
  status: 'open' | 'paid' | 'failed';
  amountMinor: number;
  capturedMinor: number;
  refundedMinor: number;
  refunds: { gatewayRefundId: string; amountMinor: number; status: RefundStatus }[];
  disputes: DisputeRecord[];
}

export interface RunRecord {
  type: string;
  workflowId: string;
  runId: string;
  /** The status as Temporal names it: RUNNING, COMPLETED, FAILED and so on. */
  status: string;
  /** The result, if the run has completed. */
  result: unknown;
}

/** The wait that follows the load. This wait ends when all work is done, or at the deadline. */
export interface Quiet {
  startMs: number;
  /** The time when all work was done; null if the deadline came first. */
  settledMs: number | null;
  deadlineMs: number;
}

/** The history of a run in Temporal's JSON form, with the workflow id and the status of the run. */
export interface HistoryRecord extends Pick<RunRecord, 'workflowId' | 'status'> {
  history: object;
}

/** The input of the oracle. */
export interface Evidence {
  operations: Operation[];
  snapshots: Snapshot[];
  database: DatabaseDump;
  charges: Charge[];
  runs: RunRecord[];
  /**
   * The events that the receiver got. The receiver adds an event when the answer to this event is ready, so events with
   * a slow answer come later.
   */
  events: EventReceiver['received'];
  quiet: Quiet;
}

export const files = {
  history: 'history.jsonl',
  faults: 'faults.jsonl',
  snapshots: 'snapshots.jsonl',
  database: 'database.json',
  gateway: 'gateway.json',
  temporal: 'temporal.json',
  events: 'events.json',
  temporalHistories: 'temporal-histories.jsonl',
  quiet: 'quiet.json',
  settings: 'settings.json',
  log: 'processes.log',
} as const;

export function readEvidence(folder: string): Evidence {
  return {
    operations: readHistory(join(folder, files.history)),
    snapshots: readJsonLines<Snapshot>(join(folder, files.snapshots)),
    database: readJson(folder, files.database) as DatabaseDump,
    charges: readJson(folder, files.gateway) as Charge[],
    runs: readJson(folder, files.temporal) as RunRecord[],
    events: readJson(folder, files.events) as EventReceiver['received'],
    quiet: readJson(folder, files.quiet) as Quiet,
  };
}

export function readJson(folder: string, name: string): unknown {
  return JSON.parse(readFileSync(join(folder, name), 'utf8'));
}
