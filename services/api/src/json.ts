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
