import type { WorkflowHandle } from '@temporalio/client';
import { dispatchWorkflowId, ownRefundId, refundWorkflowId } from '@widget-store/contract';
import { paymentSignal } from '@widget-store/workflows/messages';
import { eventually } from '../eventually';
import type { FlakyGateway } from '../gateway/flakyGateway';
import { exportHistory, type HistoryJson } from './histories';
import type { StartedCheckout, WorkflowBench } from '../temporal/workflows';

/** A `WorkflowBench` with a gateway that can fail, and with the steps that lead a run along its possible paths. */
export interface Stage extends WorkflowBench {
  flaky: FlakyGateway;
  place(options?: { paymentWindowMs?: number }): Promise<Placed>;
  /** Pays at the gateway. No webhook is sent to the store. */
  pay(placed: Placed, amountMinor?: number): Promise<void>;
  /** Places an order that nobody pays. Resolves when its payment window and its checkout run have ended. */
  expire(): Promise<Placed>;
  /** Places an order, pays it and sends the payment signal to its run. Resolves when the run has ended. */
  buy(options?: { manual: boolean }): Promise<Placed>;
  dispatchOf(placed: Placed): WorkflowHandle;
  /** Returns the run of the refund that the store makes by itself, without a request from an operator. */
  refundOf(placed: Placed): WorkflowHandle;
}

type Placed = StartedCheckout;

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

export type Histories = Record<string, HistoryJson>;

export function stageOn(bench: WorkflowBench, flaky: FlakyGateway): Stage {
  const stage: Stage = {
    ...bench,
    flaky,
    place: bench.checkout,
    pay: ({ paymentId }, amountMinor) => bench.gateway.settle(paymentId, 'pay', amountMinor),
    expire: async () => {
      const placed = await stage.place({ paymentWindowMs: 100 });
      await placed.run.result();
      return placed;
    },
    buy: async ({ manual } = { manual: false }) => {
      const placed = await stage.place();
      if (manual) await bench.makeManual(placed);
      await stage.pay(placed);
      await placed.run.signal(paymentSignal, { status: 'paid', eventId: 'evt_1' });
      await placed.run.result();
      return placed;
    },
    dispatchOf: ({ orderId }) => bench.client.getHandle(dispatchWorkflowId(orderId)),
    refundOf: ({ orderId }) => bench.client.getHandle(refundWorkflowId(ownRefundId(orderId))),
  };
  return stage;
}

/** Returns the histories of these runs. First waits until the runs in `ended` have ended. */
export async function exported(runs: { open?: Runs; ended?: Runs }): Promise<Histories> {
  await Promise.all(Object.values(runs.ended ?? {}).map((run) => run.result()));
  const entries = Object.entries({ ...runs.open, ...runs.ended }).map(
    async ([name, run]) => [name, await exportHistory(run)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

type Runs = Record<string, WorkflowHandle>;

export function untilScheduled(run: WorkflowHandle, activity: string): Promise<unknown> {
  return eventually(
    () => run.fetchHistory(),
    (history) => scheduledIdOf(history, activity) !== undefined,
  );
}

export function untilCompleted(run: WorkflowHandle, activity: string): Promise<unknown> {
  return eventually(
    () => run.fetchHistory(),
    (history) => {
      const id = scheduledIdOf(history, activity);
      const completed = history.events?.map((event) => event.activityTaskCompletedEventAttributes?.scheduledEventId);
      return id !== undefined && completed?.some((scheduledId) => String(scheduledId) === id) === true;
    },
  );
}

/** The id of the event that schedules the first activity with this name. */
function scheduledIdOf({ events }: History, activity: string): string | undefined {
  const scheduled = events?.find(
    (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === activity,
  );
  return scheduled === undefined ? undefined : String(scheduled.eventId);
}
