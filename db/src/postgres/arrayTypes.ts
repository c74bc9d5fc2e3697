import type { PostgresType } from 'postgres';

/** Object ids of the array types that the store's statements take as parameters. Source: pg_type.dat of PostgreSQL. */
const int4Array = 1007;
const textArray = 1009;

/**
 * How the driver sends and reads arrays. The driver could also ask the server for the array types on each new
 * connection, but `fetch_types: false` in `connection.ts` prevents that.
 */
export const arrayTypes: Record<string, PostgresType> = {
  int4Array: {
    to: int4Array,
    from: [int4Array],
    serialize: (values: readonly number[] | string) => serializeArray(values, String),
    parse: (text: string) => parseElements(text).map(Number),
  },
  textArray: {
    to: textArray,
    from: [],
    serialize: (values: readonly string[] | string) => serializeArray(values, quoteElement),
    parse: (text: string) => text,
  },
};

/**
 * Returns a text unchanged, because it is already serialized. The driver passes a serialized text when it repeats a
 * statement, for example after a migration has changed a table.
 */
function serializeArray<Value>(values: readonly Value[] | string, serialize: (value: Value) => string): string {
  return typeof values === 'string' ? values : `{${values.map(serialize).join(',')}}`;
}

function parseElements(text: string): string[] {
  return text.slice(1, -1).split(',').filter(Boolean);
}

/** Quotes an element as PostgreSQL requires (documentation, 8.15.6, array input and output syntax). */
function quoteElement(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
