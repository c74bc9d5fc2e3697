const names = [
  'authorization',
  'Authorization',
  'apiKey',
  'adminToken',
  'token',
  'password',
  'secret',
  'cookie',
  'payloadKeys',
  '["webhook-signature"]',
];

/**
 * The paths of the fields to redact: each name at the top level, and one or two levels below (`headers.authorization`).
 */
export const secretPaths = names.flatMap((name) =>
  name.startsWith('[') ? [name, `*${name}`, `*.*${name}`] : [name, `*.${name}`, `*.*.${name}`],
);

/**
 * Removes secrets from a finished log line, because they can also be inside a text such as an error message. Removes
 * bearer tokens, passwords in connection strings, webhook secrets and signatures, gateway keys such as `sk_live_…`, and
 * payload keys.
 */
export function redactSecrets(line: string): string {
  return line
    .replaceAll(/\b(bearer\s+)[^\s"\\,]+/gi, '$1[redacted]')
    .replaceAll(/(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s:/@"\\]*:)[^\s/"\\]+@/gi, '$1[redacted]@')
    .replaceAll(/\bwhsec_[A-Za-z0-9+/=]+/g, 'whsec_[redacted]')
    .replaceAll(/\b([sr]k_(?:test|live)_)[A-Za-z0-9]+/g, '$1[redacted]')
    .replaceAll(/(\b[A-Za-z0-9_.-]{1,40}:)[A-Za-z0-9+/]{43}=/g, '$1[redacted]')
    .replaceAll(/\bv1=[0-9a-f]{20,}/g, 'v1=[redacted]')
    .replaceAll(/\bv1,[A-Za-z0-9+/]{20,}=*/g, 'v1,[redacted]');
}
