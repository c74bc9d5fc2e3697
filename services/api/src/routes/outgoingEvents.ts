import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { outgoingEventIdPattern } from '@widget-store/contract';
import type { Store } from '@widget-store/db';
import type { MiddlewareHandler } from 'hono';
import { operatorOf } from '../middleware/requireAdmin';
import { adminOnly } from '../openapi/document';
import { examples } from '../openapi/examples';
import { outgoingEventSchema, redeliveredEventsSchema } from '../openapi/opsSchemas';
import { adminProblems, jsonResponse, onInvalid, postgresProblems, problems } from '../openapi/responses';
import { outgoingEventBody } from '../presenters';
import { Problem } from '../problem';
import { noStore } from './noStore';

/** The maximum number of failed events that one statement makes due again. */
const eventsPerStatement = 1000;

export interface OutgoingEventRoutesDeps {
  store: Pick<Store, 'redeliverEvent' | 'redeliverEvents'>;
  admin: MiddlewareHandler;
}

const redeliverEvent = createRoute({
  method: 'post',
  path: '/ops/events/{event_id}/redeliver',
  operationId: 'redeliverEvent',
  summary: 'Send a failed outgoing event again',
  description: [
    'The event keeps its id and its content. Once it is delivered, the store sends the later events of the same order.',
    'If the receiver has answered 410, the store has stopped sending events, and this call starts it again. Safe to',
    'repeat until the event is delivered. After that, the answer is 404.',
  ].join(' '),
  tags: ['operations'],
  security: adminOnly,
  request: {
    params: z.object({
      event_id: z.string().regex(outgoingEventIdPattern).openapi({ example: examples.outgoingEventId }),
    }),
  },
  responses: {
    202: jsonResponse(outgoingEventSchema, 'The event, which the store is about to send'),
    ...problems('event_unknown', ...adminProblems, ...postgresProblems),
  },
});

const redeliverEvents = createRoute({
  method: 'post',
  path: '/ops/events/redeliver',
  operationId: 'redeliverEvents',
  summary: 'Send all failed outgoing events again',
  description: 'Does for every failed event what `redeliverEvent` does for one. Safe to repeat.',
  tags: ['operations'],
  security: adminOnly,
  responses: {
    202: jsonResponse(redeliveredEventsSchema, 'How many events the store is about to send'),
    ...problems(...adminProblems, ...postgresProblems),
  },
});

const unknownEvent = ['event_unknown', 'There is no such event, or it was delivered already.'] as const;

/** The routes on which operators send failed events again. */
export function outgoingEventRoutes({ store, admin }: OutgoingEventRoutesDeps) {
  const redeliverAll = async (operator: string): Promise<number> => {
    for (let total = 0; ;) {
      const redelivered = await store.redeliverEvents({ operator, limit: eventsPerStatement });
      total += redelivered;
      if (redelivered < eventsPerStatement) return total;
    }
  };
  return new OpenAPIHono()
    .openapi(
      { ...redeliverEvent, middleware: admin },
      async (c) => {
        const event = await store.redeliverEvent({ eventId: c.req.valid('param').event_id, operator: operatorOf(c) });
        if (event === undefined) throw new Problem(...unknownEvent);
        return c.json(outgoingEventBody(event), 202, noStore);
      },
      onInvalid(...unknownEvent),
    )
    .openapi({ ...redeliverEvents, middleware: admin }, async (c) =>
      c.json({ redelivered: await redeliverAll(operatorOf(c)) }, 202, noStore),
    );
}
