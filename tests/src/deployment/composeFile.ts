import { parse } from 'yaml';
import { readRepositoryFile } from '../support/repositoryFile';

/** The parts of a service of a compose file that the tests ask about; the schema has seen to their types. */
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

/** The compose file as it is written, with YAML's own references resolved and the variables left in. */
export function readComposeFile(): ComposeFile {
  return parse(readRepositoryFile('docker-compose.yml'), { merge: true }) as ComposeFile;
}

/** A `${…}` of the compose file. */
export interface ComposeVariable {
  name: string;
  /** `:?` stops the start when the variable is empty, `:-` goes on with the default. */
  operator: ':?' | ':-';
  /** The message of the one, the default of the other. */
  text: string;
}

const variablePattern = /\$\{(?<name>[A-Z_]+)(?<operator>:[?-])(?<text>[^}]*)\}/g;

export function variablesIn(text: string): ComposeVariable[] {
  return [...text.matchAll(variablePattern)].map(({ groups }) => groups as unknown as ComposeVariable);
}

/** What a container finds in its environment, when `docker compose` is started in that of an operator. */
export function containerEnvironment(
  service: ComposeService,
  operator: Record<string, string>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(service.environment ?? {}).map(([name, value]) => [name, interpolate(String(value), operator)]),
  );
}

/** @throws Error as `docker compose` does when a required variable is missing, and at a form that no test knows */
function interpolate(text: string, operator: Record<string, string>): string {
  const values = variablesIn(text).map((variable) => {
    const value = operator[variable.name] ?? '';
    if (value === '' && variable.operator === ':?') throw new Error(`${variable.name} is missing: ${variable.text}`);
    return value === '' ? variable.text : value;
  });
  const filled = text.replaceAll(variablePattern, () => values.shift() ?? '');
  if (filled.includes('$')) throw new Error(`A form of interpolation that is not known here: ${text}`);
  return filled;
}
