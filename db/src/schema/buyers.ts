import { type SQL, sql, type SQLWrapper } from 'drizzle-orm';
import { check, index, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { orders } from './orders';

/** Patterns of characters that people leave out or write differently, each with its replacement. */
const replacements = [
  // Accents, which `normalize` has separated from their letters.
  ['[\\u0300-\\u036f]', ''],
  // Letters that Unicode cannot split into a letter and an accent.
  ['[ßẞ]', 'ss'],
  ['[æÆ]', 'ae'],
  ['[œŒ]', 'oe'],
  ['[þÞ]', 'th'],
  ['[øØ]', 'o'],
  ['[łŁ]', 'l'],
  ['[đĐðÐ]', 'd'],
  ['[ħĦ]', 'h'],
  ['ı', 'i'],
  // All hyphens, dashes, apostrophes and quotation marks become spaces, because they separate words.
  ['[-"\\u0027\\u0060\\u00ab\\u00b4\\u00bb\\u02b9-\\u02bc\\u2010-\\u2015\\u2018-\\u201f\\u2032\\u2033]', ' '],
] as const;

/**
 * A text in the form in which names are compared, so that `Müller` and `Muller`, `Strauß` and `Strauss`, or `O’Neill`
 * and `O'Neill` are the same. Uses no extension, because managed databases do not always allow `unaccent`. The patterns
 * are part of the SQL text, because an index cannot have parameters.
 */
export function plainOf(written: SQLWrapper): SQL {
  return replacements.reduce(
    (plain, [pattern, by]) => sql`regexp_replace(${plain}, ${sql.raw(`'${pattern}', '${by}'`)}, 'g')`,
    sql`normalize(${written}, NFD)`,
  );
}

/** The words of a name in the form in which names are compared. */
export function wordsOf(name: SQLWrapper): SQL {
  return sql`to_tsvector('simple', ${plainOf(name)})`;
}

/**
 * Who bought an order, and where its parcel goes. Personal data is only in the columns of this table. The row of an
 * erased buyer is kept without its data, so that no later attempt of an activity writes the data again.
 */
export const buyers = pgTable(
  'buyers',
  {
    orderId: text('order_id')
      .primaryKey()
      .references(() => orders.orderId),
    name: text('name'),
    email: text('email'),
    phone: text('phone'),
    line1: text('line1'),
    line2: text('line2'),
    city: text('city'),
    postalCode: text('postal_code'),
    region: text('region'),
    /** ISO 3166-1 alpha-2. */
    country: text('country'),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
    /** Null while the row has data. */
    erasedAt: timestamp('erased_at', { withTimezone: true }),
  },
  (buyer) => [
    // The operations page searches by these two expressions.
    index('buyers_email').on(sql`lower(${buyer.email})`),
    index('buyers_name').using('gin', wordsOf(buyer.name)),
    // `eraseOldBuyers` reads this index. The index contains only rows that have data.
    index('buyers_kept')
      .on(buyer.createdAt)
      .where(sql`${buyer.erasedAt} is null`),
    // The check counts nulls, because a comparison with null is null, and a CHECK constraint accepts null.
    check(
      'buyers_data_unless_erased',
      sql`case when ${buyer.erasedAt} is null then num_nulls(${buyer.name}, ${buyer.email}, ${buyer.line1}, ${buyer.country}) = 0 else num_nonnulls(${buyer.name}, ${buyer.email}, ${buyer.phone}, ${buyer.line1}, ${buyer.line2}, ${buyer.city}, ${buyer.postalCode}, ${buyer.region}, ${buyer.country}) = 0 end`,
    ),
    check('buyers_country_iso_3166', sql`${buyer.country} ~ '^[A-Z]{2}$'`),
  ],
);
