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

/** The compose file with YAML's references resolved, and with its variables as they are written. */
export function readComposeFile(): ComposeFile {
  return parse(readRepositoryFile('docker-compose.yml'), { merge: true }) as ComposeFile;
}

/** A variable of the compose file: `${NAME:?text}` or `${NAME:-text}`. */
export interface ComposeVariable {
  name: string;
  /** `:?` stops the start when the variable is empty, `:-` uses the default. */
  operator: ':?' | ':-';
  /** The message of `:?`, or the default of `:-`. */
  text: string;
}

const variablePattern = /\$\{(?<name>[A-Z_]+)(?<operator>:[?-])(?<text>[^}]*)\}/g;

export function variablesIn(text: string): ComposeVariable[] {
  return [...text.matchAll(variablePattern)].map(({ groups }) => groups as unknown as ComposeVariable);
}

/** The environment of a container, for an operator's variables. */
export function containerEnvironment(
  service: ComposeService,
  operator: Record<string, string>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(service.environment ?? {}).map(([name, value]) => [name, interpolate(String(value), operator)]),
  );
}

/** @throws Error when a required variable is missing, as `docker compose` does, and for unsupported syntax */
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
