import type { z } from '@hono/zod-openapi';
import { Problem, type ProblemCode } from './problem';

const byteOrderMark = '\ufeff';

/**
 * Reads the text of a body. Keeps the byte order mark, because signatures cover all bytes.
 *
 * @returns the text; empty if the request has no body
 * @throws Problem `unsupported_media_type` if the body is compressed, `invalid_json` if it is not UTF-8
 */
export async function readText(request: Request): Promise<string> {
  const encodings = request.headers.get('Content-Encoding') ?? '';
  if (encodings.split(',').some((encoding) => !['', 'identity'].includes(encoding.trim().toLowerCase()))) {
    // RFC 9110, 15.5.16.
    const headers = { 'Accept-Encoding': 'identity' };
    throw new Problem('unsupported_media_type', 'The body must not be compressed.', headers);
  }
  const bytes = await request.arrayBuffer();
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Problem('invalid_json', 'The body is not UTF-8.');
  }
}

/**
 * Reads the text of a JSON body.
 *
 * @returns the text; empty if the request has no body
 * @throws Problem `unsupported_media_type` if the body has another media type, and the problems that `readText` throws
 */
export async function readJsonText(request: Request): Promise<string> {
  const text = await readText(request);
  const mediaType = request.headers.get('Content-Type')?.split(';', 1)[0]?.trim().toLowerCase();
  if (text !== '' && mediaType !== 'application/json') {
    throw new Problem('unsupported_media_type', 'The body must be application/json.');
  }
  return text;
}

/**
 * Parses JSON. Ignores a byte order mark (RFC 8259, 8.1), and refuses the key `__proto__`.
 *
 * @param unknownKeyCode the code of the problem if the key `__proto__` is found
 * @throws Problem `invalid_json`, or `unknownKeyCode` for the key `__proto__`
 */
export function parseJson(text: string, unknownKeyCode: ProblemCode): unknown {
  try {
    // Refuses the key `__proto__`, because code that copies this key by an assignment changes the prototype of the
    // copy. Not every schema refuses the key: `z.record` drops it silently.
    const json = text.startsWith(byteOrderMark) ? text.slice(byteOrderMark.length) : text;
    return JSON.parse(json, (key, value: unknown) => {
      if (key === '__proto__') throw new Problem(unknownKeyCode, 'The field __proto__ is unknown.');
      return value;
    });
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem('invalid_json', 'The body is not JSON.');
  }
}

/**
 * Parses a JSON body and validates it.
 *
 * @param invalid.subject what the body describes; the detail of the problem names it
 * @throws Problem `invalid_json`, or `invalid.code` with the name of the invalid field
 */
export function parseBody<Schema extends z.ZodType>(
  text: string,
  schema: Schema,
  invalid: { code: ProblemCode; subject: string },
): z.output<Schema> {
  const parsed = schema.safeParse(parseJson(text, invalid.code));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.');
  throw new Problem(invalid.code, `The ${invalid.subject} is not valid${field && ` at ${field}`}: ${issue?.message}.`);
}
