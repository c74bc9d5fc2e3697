import type { z } from '@hono/zod-openapi';
import { Problem, type ProblemCode } from './problem';

/**
 * The text of a JSON body; empty when the request has no body.
 *
 * @throws Problem `unsupported_media_type` when the body has another media type
 */
export async function readJsonText(request: Request): Promise<string> {
  const text = await request.text();
  const mediaType = request.headers.get('Content-Type')?.split(';', 1)[0]?.trim().toLowerCase();
  if (text !== '' && mediaType !== 'application/json') {
    throw new Problem('unsupported_media_type', 'The body has to be application/json.');
  }
  return text;
}

/**
 * Parses JSON and refuses the key `__proto__`.
 *
 * @param unknownKeyCode code of the problem for that key
 * @throws Problem `invalid_json`
 */
export function parseJson(text: string, unknownKeyCode: ProblemCode): unknown {
  try {
    // The schemas would not see this key, because an assignment to it changes the prototype.
    return JSON.parse(text, (key, value: unknown) => {
      if (key === '__proto__') throw new Problem(unknownKeyCode, 'The field __proto__ is not known.');
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
 * @param invalid.subject what the body describes, for the problem's detail
 * @throws Problem `invalid_json`, or `invalid.code` with the field that is invalid
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
