/**
 * The settings of a session that the meaning of an answer depends on. Each connection asks for them itself, so that a setting of
 * the database, of the role or of the server changes nothing. A parameter of the same name in the connection string wins.
 */
export const sessionSettings = {
  // The driver reads timestamps as text: `03/04/2026` is another day under another DateStyle.
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  search_path: 'public',
  // Totals are read as float8. Fewer digits than these would round them.
  extra_float_digits: 1,
  // The statements decide on rows that they have locked, which the stricter levels answer with an error instead.
  default_transaction_isolation: 'read committed',
} as const;
