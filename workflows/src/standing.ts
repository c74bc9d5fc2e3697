import { upsertSearchAttributes } from '@temporalio/workflow';
import { defineSearchAttributeKey, type SearchAttributePair, SearchAttributeType } from '@temporalio/common';
import { type OrderState, searchAttributeNames } from './contract';

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

/** Lets the run be found by where its order stands now: one event. */
export function showStanding(standing: Standing): void {
  upsertSearchAttributes(searchAttributesOf(standing));
}
