import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import type { SettingsBody } from '../openapi/schemas';
import { jsonResponse, problems } from '../openapi/responses';
import { settingsSchema } from '../openapi/schemas';
import { noStore } from './noStore';

const readSettings = createRoute({
  method: 'get',
  path: '/settings',
  operationId: 'readSettings',
  summary: 'Read the settings that a storefront needs',
  tags: ['products'],
  responses: { 200: jsonResponse(settingsSchema, 'The settings'), ...problems() },
});

/** The route of the settings that the storefront cannot know at build time, because all stores use the same build. */
export function settingsRoutes(settings: SettingsBody) {
  return new OpenAPIHono().openapi(readSettings, (c) => c.json(settings, 200, noStore));
}
