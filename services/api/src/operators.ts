/** Somebody with an admin token. */
export interface Operator {
  name: string;
  /** An operator with `read` sees everything and changes nothing. */
  access: 'full' | 'read';
}

export interface OperatorToken extends Operator {
  token: string;
}

/** The operator that stands for everybody who uses `ADMIN_TOKEN`, and for every caller in demo mode. */
export const unnamedOperator: Operator = { name: 'operator', access: 'full' };

/**
 * A token has no comma and no colon, because commas separate the entries of the list, and colons separate the parts of
 * an entry.
 */
const entryPattern = /^([a-z][a-z0-9._-]{0,39}):([!-+\--9;-~]+)(:read)?$/;

/**
 * Parses a list such as `anna:6f1d…,ben:90ac…:read`.
 *
 * @returns undefined if an entry is malformed
 */
export function parseOperatorTokens(list: string): OperatorToken[] | undefined {
  const entries = list.split(',').map((entry) => entryPattern.exec(entry.trim()));
  const operators = entries.map((parts) => {
    const [, name, token, read] = parts ?? [];
    if (name === undefined || token === undefined) return undefined;
    return { name, token, access: read === undefined ? 'full' : 'read' } as const;
  });
  const parsed = operators.filter((operator) => operator !== undefined);
  return parsed.length === operators.length ? parsed : undefined;
}

/** Describes names and tokens that occur twice. The descriptions contain no token. */
export function duplicateIssues(operators: OperatorToken[]): string[] {
  return operators.flatMap(({ name, token }, index) => {
    const earlier = operators.slice(0, index);
    const sameToken = earlier.find((other) => other.token === token);
    return [
      ...(earlier.some((other) => other.name === name) ? [`ADMIN_TOKENS: two operators have the name ${name}`] : []),
      ...(sameToken === undefined ? [] : [`ADMIN_TOKENS: ${name} has the same token as ${sameToken.name}`]),
    ];
  });
}
