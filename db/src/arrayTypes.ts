import type { PostgresType } from 'postgres';

/** Object ids of the array types that our statements have as parameters; source: pg_type.dat of PostgreSQL. */
const int4Array = 1007;

/** How arrays are written. The driver would ask the server for this at each connection. */
export const arrayTypes: Record<string, PostgresType> = {
  int4Array: {
    to: int4Array,
    from: [int4Array],
    serialize: (values: readonly number[]) => `{${values.join(',')}}`,
    parse: (text: string) => text.slice(1, -1).split(',').filter(Boolean).map(Number),
  },
};
