import { Problem, type ProblemCode } from './problem';

/**
 * The text of a body that has to be JSON; empty when there is none.
 *
 * @throws Problem `unsupported_media_type` when there is one of another media type
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
 * @param unknownField code of the problem when an object has the key `__proto__`
 * @throws Problem `invalid_json`
 */
export function parseJson(text: string, unknownField: ProblemCode): unknown {
  try {
    // A key that reaches for the prototype would vanish while the object is checked, so it is refused here.
    return JSON.parse(text, (key, value: unknown) => {
      if (key === '__proto__') throw new Problem(unknownField, 'The field __proto__ is not known.');
      return value;
    });
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem('invalid_json', 'The body is not JSON.');
  }
}
