import { z } from 'zod';

/** A line as pino writes it. */
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
/** Of a pino line, what the reader knows already. */
const omitted = new Set(['level', 'time', 'msg', 'name', 'service', 'pid', 'hostname', 'err']);
const colours = [36, 33, 35, 32, 34, 31];
const nameWidth = 8;

/** Makes lines of several processes readable in one terminal: a coloured name before each, and pino's JSON in words. */
export function createLogFormat({ colour }: { colour: boolean }): (name: string, line: string) => string {
  const seen: string[] = [];
  return (name, line) => {
    if (!seen.includes(name)) seen.push(name);
    const padded = name.padEnd(nameWidth);
    const code = colours[seen.indexOf(name) % colours.length];
    const prefix = colour ? `\u001b[${code}m${padded} |\u001b[0m` : `${padded} |`;
    return inWords(line)
      .split('\n')
      .map((part) => `${prefix} ${part}`)
      .join('\n');
  };
}

function inWords(line: string): string {
  const parsed = pinoSchema.safeParse(jsonIn(line));
  if (!parsed.success) return line;
  const { level, msg, err } = parsed.data;
  const fields = Object.entries(parsed.data).filter(([name]) => !omitted.has(name));
  const words = [
    levelNames[level] ?? String(level),
    msg,
    ...fields.map(([name, value]) => `${name}=${inShort(value)}`),
  ];
  const error = errorSchema.safeParse(err);
  return words.join(' ') + (error.success ? `\n${error.data.stack}` : '');
}

function inShort(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function jsonIn(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
