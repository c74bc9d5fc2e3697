import { z } from 'zod';

const pinoSchema = z.looseObject({ level: z.number(), msg: z.string().default('') });
const errorSchema = z.object({ stack: z.string() });

const levelNames: Record<number, string> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};
/** Fields of a pino line that the terminal does not show. */
const omitted = new Set(['level', 'time', 'msg', 'name', 'service', 'pid', 'hostname', 'err']);
const colours = [36, 33, 35, 32, 34, 31];
const nameWidth = 8;

/**
 * Returns a function that formats the lines of several processes for one terminal. The name of the process comes
 * first, and pino's JSON becomes text.
 */
export function createLogFormat({ colour }: { colour: boolean }): (name: string, line: string) => string {
  const seen: string[] = [];
  return (name, line) => {
    if (!seen.includes(name)) seen.push(name);
    const padded = name.padEnd(nameWidth);
    const code = colours[seen.indexOf(name) % colours.length];
    const prefix = colour ? `\u001b[${code}m${padded} |\u001b[0m` : `${padded} |`;
    return formatPino(line)
      .split('\n')
      .map((part) => `${prefix} ${part}`)
      .join('\n');
  };
}

function formatPino(line: string): string {
  const parsed = pinoSchema.safeParse(parseJson(line));
  if (!parsed.success) return line;
  const { level, msg, err } = parsed.data;
  const fields = Object.entries(parsed.data).filter(([name]) => !omitted.has(name));
  const parts = [
    levelNames[level] ?? String(level),
    msg,
    ...fields.map(([name, value]) => `${name}=${formatValue(value)}`),
  ];
  const error = errorSchema.safeParse(err);
  return parts.join(' ') + (error.success ? `\n${error.data.stack}` : '');
}

function formatValue(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
