import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import type { SettingsBody } from '../openapi/schemas';
import { jsonResponse, problems } from '../openapi/responses';
import { settingsSchema } from '../openapi/schemas';
import { noStore } from './noStore';

const readSettings = createRoute({
  method: 'get',
  path: '/settings',
  operationId: 'readSettings',
  summary: 'What a storefront has to know of this store',
  tags: ['products'],
  responses: { 200: jsonResponse(settingsSchema, 'The settings'), ...problems() },
});

/** What the storefront cannot know when it is built: the same files serve every store. */
export function settingsRoutes(settings: SettingsBody) {
  return new OpenAPIHono().openapi(readSettings, (c) => c.json(settings, 200, noStore));
}
