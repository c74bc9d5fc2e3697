import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import { defineSearchAttributeKey, type SearchAttributePair, SearchAttributeType } from '@temporalio/common';
import { operationsPath, type OrderState, searchAttributeNames } from '@widget-store/contract';

const orderIdKey = defineSearchAttributeKey(searchAttributeNames.orderId, SearchAttributeType.KEYWORD);
const orderStatusKey = defineSearchAttributeKey(searchAttributeNames.orderStatus, SearchAttributeType.KEYWORD);
const paymentStatusKey = defineSearchAttributeKey(searchAttributeNames.paymentStatus, SearchAttributeType.KEYWORD);

/** The parts of an order that runs are found by. */
export interface Standing extends Partial<Pick<OrderState, 'status' | 'paymentStatus'>> {
  orderId: string;
}

/** How a run is found by its order. Given with the start they cost no event. */
export function searchAttributesOf({ orderId, status, paymentStatus }: Standing): SearchAttributePair[] {
  return [
    { key: orderIdKey, value: orderId },
    ...(status === undefined ? [] : [{ key: orderStatusKey, value: status }]),
    ...(paymentStatus === undefined ? [] : [{ key: paymentStatusKey, value: paymentStatus }]),
  ];
}

/** Where the people who run the store find an order; given to each run of the order, so that it can name the page. */
export interface Findable {
  /** The store as shoppers reach it, without a slash at its end. */
  publicUrl: string;
}

/** The order's operations page as Markdown, which the Temporal Web UI makes a link of. */
export function operationsLink({ orderId, publicUrl }: Findable & { orderId: string }): string {
  return `[Operations page of the order](${publicUrl}${operationsPath(orderId)})`;
}

/** Says in one sentence where the run stands, with the link to its order. */
export function tell(sentence: string, order: Findable & { orderId: string }): void {
  setCurrentDetails(`${sentence}\n\n${operationsLink(order)}`);
}

/** Lets the run be found by where its order stands now: one event. */
export function showStanding(standing: Standing): void {
  upsertSearchAttributes(searchAttributesOf(standing));
}
