import { z } from 'zod';

const maxLength = 200;
const line = z
  .string()
  .trim()
  .min(1)
  .max(maxLength)
  .regex(/^\P{Cc}*$/u);
/** An empty field of a form becomes null. */
const optional = z.preprocess((value) => (value === '' || value === undefined ? null : value), line.nullable());

/** Who pays, and where the parcel goes. The keys are the names of the fields on the payment page. */
export const buyerSchema = z.object({
  name: line,
  email: z.email().max(maxLength),
  phone: optional,
  line1: line,
  line2: optional,
  city: line,
  postal_code: optional,
  region: optional,
  /** ISO 3166-1 alpha-2. */
  country: z.string().regex(/^[A-Z]{2}$/),
});
export type Buyer = z.output<typeof buyerSchema>;
export type BuyerField = keyof Buyer;

export interface CheckedBuyer {
  buyer: Buyer | undefined;
  /** The fields that are not valid, in the order of `buyerSchema`. */
  invalid: BuyerField[];
}

/** Checks the fields of the payment page. */
export function checkBuyer(fields: unknown, countries: readonly string[]): CheckedBuyer {
  const parsed = buyerSchema
    .refine(({ country }) => countries.includes(country), { path: ['country'] })
    .safeParse(fields);
  if (parsed.success) return { buyer: parsed.data, invalid: [] };
  const failed = new Set(parsed.error.issues.map(({ path }) => path[0]));
  return { buyer: undefined, invalid: buyerSchema.keyof().options.filter((field) => failed.has(field)) };
}

export function presentBuyer({ name, email, phone, ...address }: Buyer) {
  return { name, email, phone, address };
}

const quillfeather = person('Avery Quillfeather', {
  line1: '12 Lanternmoss Lane',
  city: 'Portland',
  postal_code: '97201',
  region: 'OR',
  country: 'US',
});

/**
 * People who do not exist. Their surnames and streets occur nowhere else, so a test can search for them in logs and
 * databases.
 */
export const exampleBuyers: readonly Buyer[] = [
  quillfeather,
  person('Jonas Wolkenbrand', { line1: 'Nebelgassenallee 7', city: 'Bonn', postal_code: '53111', country: 'DE' }),
  person('Imogen Thistlewick', { line1: '3 Otterburrow Row', city: 'York', postal_code: 'YO1 7HH', country: 'GB' }),
];

function person(
  name: string,
  address: Pick<Buyer, 'line1' | 'city' | 'postal_code' | 'country'> & Partial<Buyer>,
): Buyer {
  const email = `${name.toLowerCase().replace(' ', '.')}@example.org`;
  return { name, email, phone: '+1 555 0142 077', line2: null, region: null, ...address };
}

/**
 * Returns the example that a payment page shows before the shopper changes it. A payment always gets the same example.
 */
export function exampleBuyer(paymentId: string, countries: readonly string[]): Buyer {
  const fitting = exampleBuyers.filter(({ country }) => countries.includes(country));
  const seed = Buffer.from(paymentId).reduce((sum, byte) => sum + byte, 0);
  return fitting[seed % fitting.length] ?? { ...quillfeather, country: countries[0] ?? quillfeather.country };
}
