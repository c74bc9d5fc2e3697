import { z } from '@hono/zod-openapi';
import { maxCarrierLength, maxTrackingUrlLength } from '@widget-store/contract';
import { parseBody } from './json';
import { plainNotBlankPattern, plainText } from './productChange';

const trackingUrlPattern = /^https:\/\/[!-~]+$/;

export const shipmentRequestSchema = z.strictObject({
  carrier: plainText.trim().min(1).max(maxCarrierLength).optional().openapi({
    pattern: plainNotBlankPattern,
    description: 'The carrier, and the tracking number if there is one',
    example: 'DHL',
  }),
  tracking_url: z
    .string()
    .max(maxTrackingUrlLength)
    .regex(trackingUrlPattern, 'expected https:// and visible ASCII characters')
    .refine(isAddress, 'expected an address without a user name')
    .optional()
    .openapi({ description: 'The shopper gets this link', example: 'https://carrier.example/parcels/1' }),
});

/**
 * Reads a shipment from the body of its request. Without a body, the parcel has no carrier and no tracking link.
 *
 * @throws Problem `invalid_json`, or `invalid_shipment` with the name of the invalid field
 */
export function readShipmentRequest(text: string): { carrier: string | null; trackingUrl: string | null } {
  const invalid = { code: 'invalid_shipment', subject: 'shipment' } as const;
  const body = text.trim() === '' ? {} : parseBody(text, shipmentRequestSchema, invalid);
  return { carrier: body.carrier ?? null, trackingUrl: body.tracking_url ?? null };
}

function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  return username === '' && password === '';
}
