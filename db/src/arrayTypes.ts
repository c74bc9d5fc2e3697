import type { PostgresType } from 'postgres';

/** Object ids of the array types that our statements have as parameters; source: pg_type.dat of PostgreSQL. */
const int4Array = 1007;
const textArray = 1009;

/** How arrays are written. The driver would ask the server for this at each connection. */
export const arrayTypes: Record<string, PostgresType> = {
  int4Array: {
    to: int4Array,
    from: [int4Array],
    serialize: (values: readonly number[] | string) => written(values, String),
    parse: (text: string) => elementsOf(text).map(Number),
  },
  textArray: {
    to: textArray,
    from: [],
    serialize: (values: readonly string[] | string) => written(values, quoted),
    parse: (text: string) => text,
  },
};

/** A statement that the driver sends again, because a migration made its plan void, has its parameters written already. */
function written<Value>(values: readonly Value[] | string, write: (value: Value) => string): string {
  return typeof values === 'string' ? values : `{${values.map(write).join(',')}}`;
}

function elementsOf(text: string): string[] {
  return text.slice(1, -1).split(',').filter(Boolean);
}

/** Source: PostgreSQL documentation, 8.15.6, array input and output syntax. */
function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
