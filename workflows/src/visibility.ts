import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { defineSearchAttributeKey, type SearchAttributePair, SearchAttributeType } from '@temporalio/common';
import { operationsPath, type OrderRef, type OrderState, searchAttributeNames } from '@widget-store/contract';

/*
 * What the Temporal Web UI and lists of runs show about a run and its order.
 */

const orderIdKey = defineSearchAttributeKey(searchAttributeNames.orderId, SearchAttributeType.KEYWORD);
const orderStatusKey = defineSearchAttributeKey(searchAttributeNames.orderStatus, SearchAttributeType.KEYWORD);
const paymentStatusKey = defineSearchAttributeKey(searchAttributeNames.paymentStatus, SearchAttributeType.KEYWORD);

/** The parts of an order that can be used to search for its runs. */
export type IndexedOrder = OrderRef & Pick<OrderState, 'status' | 'paymentStatus'>;

/** The search attributes of a run. If they are set in its start options, they add no event to the history. */
export function searchAttributesOf({ orderId, status, paymentStatus }: IndexedOrder) {
  return [
    { key: orderIdKey, value: orderId },
    { key: orderStatusKey, value: status },
    { key: paymentStatusKey, value: paymentStatus },
  ] satisfies SearchAttributePair[];
}

/** Sets the search attributes of the run to the state of its order. Adds one event, or none if nothing has changed. */
export function upsertOrderStatus(order: IndexedOrder): void {
  const { typedSearchAttributes } = workflowInfo();
  const changed = searchAttributesOf(order).filter(({ key, value }) => typedSearchAttributes.get(key) !== value);
  if (changed.length > 0) upsertSearchAttributes(changed);
}

/**
 * A part of the input of every run that belongs to an order. The run needs it for the link to the order's operations
 * page.
 */
export interface WithPublicUrl {
  /** The address of the store and its operations pages, without a slash at its end. */
  publicUrl: string;
}

/** A link to the order's operations page, in Markdown. */
export function operationsLink({ orderId, publicUrl }: OrderRef & WithPublicUrl): string {
  return `[Operations page of the order](${publicUrl}${operationsPath(orderId)})`;
}

/** Shows in the Temporal Web UI what the run is doing, with a link to its order. Adds no event. */
export function setDetails(sentence: string, order: OrderRef & WithPublicUrl): void {
  setCurrentDetails(`${sentence}\n\n${operationsLink(order)}`);
}
