import { parse } from 'yaml';
import { readRepositoryFile } from '../support/repositoryFile';

/** The parts of a compose service that the tests read. The schema checks their types. */
export interface ComposeService {
  image?: string;
  build?: string | { context: string; target: string };
  user?: string;
  command?: string[];
  environment?: Record<string, string | number>;
  ports?: string[];
  volumes?: string[];
  profiles?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
  restart?: string;
  stop_grace_period?: string;
  init?: boolean;
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  mem_limit?: string;
}

export interface ComposeFile {
  services: Record<string, ComposeService>;
}

/** Reads the compose file. YAML references are resolved, but variables are not. */
export function readComposeFile(): ComposeFile {
  return parse(readRepositoryFile('docker-compose.yml'), { merge: true }) as ComposeFile;
}

/** A variable of the compose file: `${NAME:?text}` or `${NAME:-text}`. */
export interface ComposeVariable {
  name: string;
  /** With `:?`, the start fails if the variable is empty. With `:-`, an empty variable gets the default. */
  operator: ':?' | ':-';
  /** The message of `:?`, or the default of `:-`. */
  text: string;
}

const variablePattern = /\$\{(?<name>[A-Z_]+)(?<operator>:[?-])(?<text>[^}]*)\}/g;

export function variablesIn(text: string): ComposeVariable[] {
  return [...text.matchAll(variablePattern)].map(({ groups }) => groups as unknown as ComposeVariable);
}

/** Returns the environment that a container has if the operator has set these variables. */
export function containerEnvironment(
  service: ComposeService,
  operator: Record<string, string>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(service.environment ?? {}).map(([name, value]) => [name, interpolate(String(value), operator)]),
  );
}

/**
 * @throws Error if a required variable is missing (`docker compose` also fails then), or if this function does not
 * support the syntax
 */
function interpolate(text: string, operator: Record<string, string>): string {
  const values = variablesIn(text).map((variable) => {
    const value = operator[variable.name] ?? '';
    if (value === '' && variable.operator === ':?') throw new Error(`${variable.name} is missing: ${variable.text}`);
    return value === '' ? variable.text : value;
  });
  const filled = text.replaceAll(variablePattern, () => values.shift() ?? '');
  if (filled.includes('$')) throw new Error(`unsupported interpolation: ${text}`);
  return filled;
}
