/**
 * Returns the message of a thrown value. Does not use `instanceof Error`, which is false inside jest for Node's errors,
 * because they come from another realm.
 */
export function messageOf(error: unknown): string {
  return isObject(error) && 'message' in error ? String(error.message) : String(error);
}

/** The code that Node gives an error, such as `ENOENT`. */
export function codeOf(error: unknown): unknown {
  return isObject(error) && 'code' in error ? error.code : undefined;
}

function isObject(error: unknown): error is object {
  return typeof error === 'object' && error !== null;
}
