import { type SQL, sql, type SQLWrapper } from 'drizzle-orm';
import { check, index, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { orders } from './orders';

/**
 * The words of a name without their accents, so that `Müller` and `Muller` are the same word. Letters that Unicode
 * cannot split into a letter and an accent, such as `ø`, `ł` and `ß`, do not change. Uses no extension, because managed
 * databases do not always allow `unaccent`.
 */
export function wordsOf(name: SQLWrapper): SQL {
  return sql`to_tsvector('simple', regexp_replace(normalize(${name}, NFD), '[\\u0300-\\u036f]', '', 'g'))`;
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
