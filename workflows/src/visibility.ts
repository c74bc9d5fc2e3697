import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { defineSearchAttributeKey, type SearchAttributePair, SearchAttributeType } from '@temporalio/common';
import { operationsPath, type OrderRef, type OrderState, searchAttributeNames } from '@widget-store/contract';

/*
 * What the Temporal Web UI and lists of runs show of a run and its order.
 */

const orderIdKey = defineSearchAttributeKey(searchAttributeNames.orderId, SearchAttributeType.KEYWORD);
const orderStatusKey = defineSearchAttributeKey(searchAttributeNames.orderStatus, SearchAttributeType.KEYWORD);
const paymentStatusKey = defineSearchAttributeKey(searchAttributeNames.paymentStatus, SearchAttributeType.KEYWORD);

/** The parts of an order that runs can be listed by. */
export type IndexedOrder = OrderRef & Pick<OrderState, 'status' | 'paymentStatus'>;

/** Search attributes that are part of a start add no event to the history. */
export function searchAttributesOf({ orderId, status, paymentStatus }: IndexedOrder) {
  return [
    { key: orderIdKey, value: orderId },
    { key: orderStatusKey, value: status },
    { key: paymentStatusKey, value: paymentStatus },
  ] satisfies SearchAttributePair[];
}

/** Lets lists of runs find the run by where its order stands: one event, or none if they can already. */
export function upsertOrderStatus(order: IndexedOrder): void {
  const { typedSearchAttributes } = workflowInfo();
  const changed = searchAttributesOf(order).filter(({ key, value }) => typedSearchAttributes.get(key) !== value);
  if (changed.length > 0) upsertSearchAttributes(changed);
}

/** Part of the input of every run that belongs to an order, so that it can link to the order's operations page. */
export interface WithPublicUrl {
  /** The store as shoppers reach it, without a slash at its end. */
  publicUrl: string;
}

/** The order's operations page, in Markdown. */
export function operationsLink({ orderId, publicUrl }: OrderRef & WithPublicUrl): string {
  return `[Operations page of the order](${publicUrl}${operationsPath(orderId)})`;
}

/** Says in one sentence what the run is doing, with a link to its order. Adds no event. */
export function setDetails(sentence: string, order: OrderRef & WithPublicUrl): void {
  setCurrentDetails(`${sentence}\n\n${operationsLink(order)}`);
}
