import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { type Payload, type PayloadCodec, PayloadKeyError } from '@widget-store/runtime/temporal';
import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { parseJson, readJsonText } from '../json';
import { adminOnly } from '../openapi/document';
import { adminProblems, bodyProblems, jsonResponse, problems } from '../openapi/responses';
import { Problem } from '../problem';
import { noStore } from './noStore';

export interface CodecRoutesDeps {
  codec: PayloadCodec;
  /** Checks the admin token for both codec routes. */
  admin: MiddlewareHandler;
}

/** The prefix of both codec paths. Pages of the Temporal Web UI are allowed to call these paths. */
export const codecPath = '/codec/';
/**
 * The limit is high, because a page of a history can contain several payloads. Temporal accepts payloads of up to 2 MB,
 * and base64 makes them a third longer.
 */
const maxBodyBytes = 8 * 1024 * 1024;
const verbs = ['decode', 'encode'] as const;

export function isCodecPath(path: string): boolean {
  return verbs.some((verb) => path === codecPath + verb);
}

const base64 = z.base64();
/**
 * The JSON form of `temporal.api.common.v1.Payloads` (protobuf.dev/programming-guides/json): bytes are in base64, and
 * empty fields are left out.
 */
const payloadsSchema = z
  .object({
    payloads: z
      .array(z.object({ metadata: z.record(z.string(), base64).optional(), data: base64.optional() }))
      .default([]),
  })
  .openapi('Payloads');
type Payloads = z.output<typeof payloadsSchema>;

const example = { payloads: [{ metadata: { encoding: 'anNvbi9wbGFpbg==' }, data: 'InBsYWluIg==' }] };
const description =
  "Temporal's remote codec protocol. Exists only if `PAYLOAD_ENCRYPTION_KEYS` is set. The endpoint for `--codec-endpoint` is `/codec`.";

const codecRoute = <Verb extends (typeof verbs)[number]>(verb: Verb, summary: string) =>
  createRoute({
    method: 'post',
    path: `${codecPath}${verb}`,
    operationId: `${verb}Payloads`,
    summary,
    description,
    tags: ['operations'],
    security: adminOnly,
    request: {
      body: {
        required: true,
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Payloads' }, example } },
      },
    },
    responses: {
      200: jsonResponse(payloadsSchema, 'The converted payloads, in the sequence of the request'),
      ...problems(...adminProblems, 'invalid_payloads', 'payload_key_unknown', ...bodyProblems),
    },
  });

const decode = codecRoute('decode', 'Decrypt payloads for the Temporal Web UI and the Temporal CLI');
const encode = codecRoute('encode', 'Encrypt payloads for runs, Signals and Updates that an operator sends by hand');

/** The routes of a codec server for the Temporal Web UI and the Temporal CLI (docs.temporal.io/codec-server). */
export function codecRoutes({ codec, admin }: CodecRoutesDeps) {
  const middleware = [admin, bodyLimit({ maxSize: maxBodyBytes })];
  return new OpenAPIHono()
    .openapi(
      { ...decode, middleware },
      convertWith((payloads) => codec.decode(payloads)),
    )
    .openapi(
      { ...encode, middleware },
      convertWith((payloads) => codec.encode(payloads)),
    );
}

function convertWith(convert: PayloadCodec['decode']) {
  return async (c: Context) => {
    const payloads = await convert((await readPayloads(c.req.raw)).map(fromJson)).catch(throwKeyUnknown);
    return c.json({ payloads: payloads.map(toJson) }, 200, noStore);
  };
}

async function readPayloads(request: Request): Promise<Payloads['payloads']> {
  const parsed = payloadsSchema.safeParse(parseJson(await readJsonText(request), 'invalid_payloads'));
  if (parsed.success) return parsed.data.payloads;
  throw new Problem(
    'invalid_payloads',
    'The body must be {"payloads": [{"metadata": {…}, "data": "…"}]}. Each metadata value and `data` must be base64.',
  );
}

function fromJson({ metadata = {}, data = '' }: Payloads['payloads'][number]): Payload {
  const labels = Object.entries(metadata).map(([name, value]) => [name, Buffer.from(value, 'base64')] as const);
  return { metadata: Object.fromEntries(labels), data: Buffer.from(data, 'base64') };
}

function toJson({ metadata, data }: Payload): Payloads['payloads'][number] {
  const labels = Object.entries(metadata ?? {}).map(([name, value]) => [name, inBase64(value)] as const);
  return { metadata: Object.fromEntries(labels), data: inBase64(data) };
}

function inBase64(bytes: Uint8Array | null | undefined): string {
  return Buffer.from(bytes ?? []).toString('base64');
}

/** The message of a `PayloadKeyError` is safe to return, because it names only the id of the key. */
function throwKeyUnknown(error: unknown): never {
  if (error instanceof PayloadKeyError) throw new Problem('payload_key_unknown', `${error.message}.`);
  throw error;
}
