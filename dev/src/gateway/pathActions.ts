import { Problem } from './problem';

/** The actions on an open payment, a refund or a dispute, by their names in paths. */
export const paymentActions = pathActions({ pay: 'paid', decline: 'declined', close: 'closed' });
export const refundActions = pathActions({ succeed: 'succeeded', fail: 'failed' });
export const disputeActions = pathActions({ win: 'won', lose: 'lost' });

function pathActions<Result extends string>(results: Record<string, Result>) {
  return {
    /** A Hono path parameter that matches only these actions. For any other word, the gateway answers 404. */
    parameter: `:action{${Object.keys(results).join('|')}}` as const,
    /** @param action a word that `parameter` has matched */
    resultOf: (action: string): Result => {
      const result = Object.entries(results).find(([name]) => name === action)?.[1];
      if (result === undefined) throw new Problem('not_found', 'There is nothing here.');
      return result;
    },
  };
}
