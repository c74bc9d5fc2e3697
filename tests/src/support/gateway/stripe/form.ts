/** The fields of a form in the format of Stripe's library: `line_items[0][price_data][currency]=usd`. */
export type Form = URLSearchParams;

export function required(form: Form, name: string): string {
  const value = form.get(name);
  if (value === null) throw new StripeError(400, `Missing required param: ${name}.`);
  return value;
}

/** Returns the fields with a prefix. For `metadata`, `metadata[payment_id]=1` becomes `{payment_id: '1'}`. */
export function fieldsOf(form: Form, prefix: string): Record<string, string> {
  const names = [...form.keys()].filter((name) => name.startsWith(`${prefix}[`));
  return Object.fromEntries(names.map((name) => [name.slice(prefix.length + 1, -1), form.get(name) ?? '']));
}

/**
 * Whether the caller expands a field. For example, `expand[0]=payment_intent.latest_charge` expands `payment_intent`.
 */
export function expands(form: Form, path: string): boolean {
  const asked = [...form].filter(([name]) => name.startsWith('expand[')).map(([, value]) => value);
  return asked.some((wanted) => wanted === path || wanted.startsWith(`${path}.`));
}

export class StripeError extends Error {
  readonly status: number;
  readonly type: string;

  constructor(status: number, message: string, type = 'invalid_request_error') {
    super(message);
    this.status = status;
    this.type = type;
  }
}
