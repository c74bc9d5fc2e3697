import { z } from 'zod';

/**
 * An error in the environment of a program, usually in its environment variables. The message never quotes a value that
 * can be a secret.
 */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/**
 * Parses environment variables once, at the start of a program. An empty variable is treated as not set.
 *
 * @param env usually `process.env`
 * @param shape a zod schema for each variable
 * @throws EnvironmentError with one line for each missing or invalid variable
 */
export function parseEnv<Shape extends z.ZodRawShape>(
  env: Record<string, string | undefined>,
  shape: Shape,
): z.output<z.ZodObject<Shape>> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = z.object(shape).safeParse(given);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    return given[name] === undefined ? `${name} is not set` : `${name} is not valid: ${issue.message}`;
  });
  throw new EnvironmentError(lines.join('\n'));
}

/** `true` or `false`. */
export const booleanVariable = z.enum(['true', 'false']).transform((text) => text === 'true');

export const portVariable = z.coerce.number().int().min(1).max(65_535);

/** A `postgres://` connection string. */
export const postgresUrlVariable = z.url({ protocol: /^postgres(ql)?$/, error: 'expected postgres://…' });

/**
 * A base URL, to which the programs append paths. It has no user, no query and no fragment. The parsed value has no
 * slash at its end.
 */
export const baseUrlVariable = z
  .url({ protocol: /^https?$/, error: 'expected http://… or https://…' })
  .regex(/^https?:\/\/[^/@?#]+(\/[^?#]*)?$/i, 'expected an address without a user, a query or a fragment')
  .transform((url) => url.replace(/\/+$/, ''));

/**
 * The public address of the store, its front end or the payment pages. It has no path, because links and files start at
 * the host's root. The parsed value is an origin, as browsers write it.
 */
export const publicUrlVariable = baseUrlVariable
  .refine((url) => new URL(url).pathname === '/', 'expected no path: the address needs its own host name')
  .transform((url) => new URL(url).origin);

/**
 * A webhook signing secret (Standard Webhooks 1.0): `whsec_` and 24 to 64 random bytes in base64, for example from
 * `openssl rand -base64 32`.
 */
export const webhookSecretVariable = z
  .string()
  .regex(/^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/, 'expected whsec_ and 24 to 64 bytes in base64');

/** Whole milliseconds. */
export const millisecondsVariable = z.coerce.number().int().min(1);
