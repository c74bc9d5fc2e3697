import { types } from 'node:util';

/**
 * Makes the errors in the data of an SDK log line readable. The logger itself writes only the enumerable fields of an
 * error, and the message is not one of them.
 */
export function withReadableErrors(meta: object | undefined): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(meta ?? {}).map(([name, value]) => [name, types.isNativeError(value) ? readable(value) : value]),
  );
}

/** An ApplicationFailure has a type and is expected. Every other error can be a bug, so the log needs its stack. */
function readable(error: Error): object {
  const { message, stack, cause } = error;
  const expected = 'type' in error && typeof error.type === 'string';
  return {
    ...(expected ? { type: error.type, message } : { type: error.name, message, stack }),
    ...(types.isNativeError(cause) ? { cause: readable(cause) } : {}),
  };
}
