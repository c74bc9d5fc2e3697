/**
 * The session settings that change the meaning of results. Each connection sets them, so that the settings of the
 * database, the role and the server have no effect. A parameter with the same name in the connection string takes
 * precedence.
 */
export const sessionSettings = {
  // The driver parses timestamps from text, and `DateStyle` decides which day `03/04/2026` is.
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  search_path: 'public',
  // Totals are read as float8. A smaller value of this setting would round the totals.
  extra_float_digits: 1,
  // The statements lock rows and then decide by the newest versions of these rows. At a stricter isolation level, such
  // a statement would fail if another session had changed the rows.
  default_transaction_isolation: 'read committed',
} as const;
