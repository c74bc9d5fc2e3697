const { randomBytes } = require('node:crypto');
const { setTimeout: delay } = require('node:timers/promises');
const { orderIdFrom } = require('@widget-store/contract');

/*
 * Bugs that the oracle of `tests/src/chaos` must find. Each bug replaces one activity with a faulty one, but only for
 * orders whose idempotency keys contain the bug's name. So one store can have all the bugs, and each order has at most
 * one of them. `mutants.test.ts` drops the database constraints that would prevent a bug.
 */

/** Places a second order with the same key, like a store that does not check the key when the activity runs twice. */
const noDedupe = ({ sql }, { placeOrder }) => ({
  placeOrder: async (input) => {
    const placed = await placeOrder(input);
    const idempotencyKey = `${input.idempotencyKey}-again`;
    const orderId = orderIdFrom(randomBytes(16).toString('hex'));
    const again = await placeOrder({ ...input, orderId, idempotencyKey });
    await sql`update orders set idempotency_key = ${input.idempotencyKey} where order_id = ${again.orderId}`;
    return placed;
  },
});

/** Removes every third order, like a store that responds before the commit and then fails to commit. */
const answerBeforeCommit = ({ sql }, { placeOrder }) => {
  let calls = 0;
  return {
    placeOrder: async (input) => {
      const placed = await placeOrder(input);
      calls += 1;
      if (calls % 3 === 0) await undo(sql, placed.orderId);
      return placed;
    },
  };
};

function undo(sql, orderId) {
  return sql.begin(async (transaction) => {
    await transaction`
      update products set inventory = inventory - quantity from stock_movements
      where order_id = ${orderId} and products.product_id = stock_movements.product_id`;
    await transaction`delete from stock_movements where order_id = ${orderId}`;
    await transaction`delete from order_items where order_id = ${orderId}`;
    await transaction`delete from orders where order_id = ${orderId}`;
  });
}

/** Reads the stock without a lock and uses the value two seconds later. */
const unlockedStockRead = ({ sql }, { placeOrder }) => ({
  placeOrder: async (input) => {
    const known = await sql`select 1 from orders where idempotency_key = ${input.idempotencyKey}`;
    const stocked = await sql`select product_id, inventory, price_minor from products`;
    const lines = input.lines.map((line) => ({ ...line, ...stocked.find((row) => row.product_id === line.productId) }));
    await delay(2000);
    if (known.length === 0 && lines.every((line) => line.inventory >= line.quantity)) await insert(sql, input, lines);
    return placeOrder(input);
  },
});

function insert(sql, { idempotencyKey, fingerprint, requestId, paymentWindowMs }, lines) {
  const hex = () => crypto.randomUUID().replaceAll('-', '');
  const orderId = `ord_${hex()}`;
  const total = lines.reduce((sum, line) => sum + line.price_minor * line.quantity, 0);
  return sql.begin(async (transaction) => {
    await transaction`set constraints all deferred`;
    await transaction`
      insert into orders (order_id, idempotency_key, fingerprint, request_id, payment_id, status, payment_status, total_minor, currency, expires_at)
      values (${orderId}, ${idempotencyKey}, ${fingerprint}, ${requestId}, ${`pay_${hex()}`}, 'PENDING', 'pending', ${total}, 'USD',
        now() + ${paymentWindowMs}::int * interval '1 millisecond')`;
    for (const { productId, quantity, price_minor } of lines.toSorted(
      (one, other) => one.productId - other.productId,
    )) {
      await transaction`
        insert into order_items (order_id, product_id, name, quantity, unit_price_minor)
        values (${orderId}, ${productId}, (select name from products where product_id = ${productId}), ${quantity}, ${price_minor})`;
      await transaction`update products set inventory = inventory - ${quantity} where product_id = ${productId}`;
      await transaction`insert into stock_movements (product_id, order_id, kind, quantity) values (${productId}, ${orderId}, 'hold', ${-quantity})`;
    }
  });
}

/** Releases only one unit of each product of a cancelled order, and records no movement. */
const bareRelease = ({ sql, store }) => ({
  cancelOrder: async ({ orderId, reason }) => {
    const paymentStatus = { payment_failed: 'failed', payment_expired: 'expired', cancelled: 'cancelled' }[reason];
    const cancelled = await sql`
      update orders set status = 'CANCELLED', payment_status = ${paymentStatus}, cancel_reason = ${reason}, updated_at = now()
      where order_id = ${orderId} and status = 'PENDING' returning 1`;
    if (cancelled.length > 0) {
      await sql`
        update products set inventory = inventory + 1
        where product_id in (select product_id from order_items where order_id = ${orderId})`;
    }
    const {
      progressRemaining: _progress,
      fulfilment: _fulfilment,
      ...state
    } = await store.readDispatchProgress({ orderId });
    return state;
  },
});

/** Does not refund a payment for a cancelled order. */
const expiryWithoutRefund = () => ({
  refundPayment: async () => null,
});

/** Lowers the progress of a dispatch by two at each tick. */
const doubleTick = ({ sql, store, tickMs }) => ({
  dispatchOrder: async ({ orderId }) => {
    for (;;) {
      const {
        progressRemaining: _progress,
        fulfilment: _fulfilment,
        ...state
      } = await store.readDispatchProgress({ orderId });
      if (state.status !== 'PAID') return state;
      await delay(tickMs);
      await sql`
        update orders set progress_remaining = progress_remaining - 2, updated_at = now(),
          status = case when progress_remaining = 2 then 'DISPATCHED' else status end
        where order_id = ${orderId} and status = 'PAID'`;
    }
  },
});

/**
 * After a shipment, restores the earlier values of the order's row, like a store that overwrites all columns with the
 * values that it read before the shipment.
 */
const shippedTwice = ({ sql }, { dispatchOrder }) => ({
  dispatchOrder: async (input) => {
    const state = await dispatchOrder(input);
    void writeBack(sql, input.orderId);
    return state;
  },
});

async function writeBack(sql, orderId) {
  for (let written = []; written.length === 0; await delay(50)) {
    written = await sql`
      update orders set status = 'PAID', progress_remaining = 10, shipped_at = null, carrier = null, tracking_url = null
      where order_id = ${orderId} and status = 'DISPATCHED' returning 1`;
  }
}

/** Makes each refund twice with different keys, like a store that creates a new key when it retries the activity. */
const retryWithNewKey = ({ gateway }, { refundPayment }) => ({
  refundPayment: async (refund) => {
    await refundPayment(refund);
    const { paymentId, refundId, amountMinor } = refund;
    await gateway.refund({ paymentId, refundId, amountMinor, idempotencyKey: `again/${refundId}` });
    return gateway.getPayment(paymentId);
  },
});

/** Records each refund of the gateway's dashboard twice. */
const dashboardRefundCountedTwice = (_deps, { recordRefund }) => ({
  recordRefund: async ({ payment, ...input }) => {
    const ofDashboard = payment.refunds.filter(({ refundId }) => refundId === null);
    const again = ofDashboard.map((refund) => ({ ...refund, gatewayRefundId: `${refund.gatewayRefundId}-again` }));
    return recordRefund({ ...input, payment: { ...payment, refunds: [...payment.refunds, ...again] } });
  },
});

/** Fails once for each order. The error message contains the name of the buyer. */
const buyerInFailure = ({ sql, gateway }, { dispatchOrder }) => {
  const failed = new Set();
  return {
    dispatchOrder: async (input) => {
      if (failed.has(input.orderId)) return dispatchOrder(input);
      failed.add(input.orderId);
      const [order] = await sql`select payment_id from orders where order_id = ${input.orderId}`;
      const buyer = await gateway.getBuyer(order.payment_id);
      throw new Error(`cannot send a parcel to ${buyer?.name}`);
    },
  };
};

const mutants = {
  noDedupe,
  answerBeforeCommit,
  unlockedStockRead,
  bareRelease,
  expiryWithoutRefund,
  doubleTick,
  shippedTwice,
  retryWithNewKey,
  dashboardRefundCountedTwice,
  buyerInFailure,
};

/** Returns the activities with all the bugs. */
exports.plantBugs = (deps, activities) => {
  const planted = Object.entries(mutants).map(([name, plant]) => ({ name, wrong: plant(deps, activities) }));
  const keyOf = async ({ idempotencyKey, orderId }) => {
    if (idempotencyKey !== undefined) return idempotencyKey;
    const [order] = await deps.sql`select idempotency_key as key from orders where order_id = ${orderId}`;
    return order?.key ?? '';
  };
  const activityNames = new Set(planted.flatMap(({ wrong }) => Object.keys(wrong)));
  const mutated = [...activityNames].map((activityName) => [
    activityName,
    async (input) => {
      const key = await keyOf(input);
      const bug = planted.find(({ name, wrong }) => key.includes(`-${name}-`) && activityName in wrong);
      return (bug?.wrong ?? activities)[activityName](input);
    },
  ]);
  return { ...activities, ...Object.fromEntries(mutated) };
};
