import { basename, extname } from 'node:path';

/**
 * Returns the text without the entry whose first line begins with `start`. An entry is
 * - in Markdown a chapter, an item of a list, a row of a table, or a paragraph,
 * - in a Makefile a target with its comment and its recipe,
 * - in a patch the changes of one file,
 * - in YAML a line with the lines below it that are indented further,
 * - elsewhere a line. If the line opens a bracket, the entry ends where the bracket is closed.
 *
 * @throws Error unless exactly one entry begins with `start`
 */
export function drop(file: string, text: string, start: string): string {
  const lines = text.split('\n');
  const found = lines.flatMap((line, index) => (line.trimStart().startsWith(start) ? [index] : []));
  const [first] = found;
  if (first === undefined || found.length > 1) throw new Error(`${found.length} entries of ${file} begin: ${start}`);
  const before = lines.slice(0, first);
  const after = lines.slice(first + lengthOfEntry(file, lines.slice(first)));
  if (basename(file) === 'Makefile') while (before.at(-1)?.startsWith('#')) before.pop();
  // Otherwise, two empty lines would follow each other.
  if (before.at(-1) === '' && after[0] === '') before.pop();
  const kept = [...before, ...after].join('\n');
  return extname(file) === '.json' ? kept.replaceAll(/,(\s*[\]}])/g, '$1') : kept;
}

/** @param lines the lines of the file from the entry on */
function lengthOfEntry(file: string, [first = '', ...others]: string[]): number {
  if (isCode(file) && !/[[{(]$/.test(first)) return 1;
  const index = others.findIndex(endOfEntry(file, first));
  // The last element is the empty text after the last line break.
  if (index === -1) return others.length;
  return isCode(file) ? index + 2 : index + 1;
}

/** Returns a function that recognises the line that closes the bracket, or else the first line after the entry. */
function endOfEntry(file: string, first: string): (line: string) => boolean {
  if (extname(file) === '.patch') return (line) => line.startsWith('diff --git ');
  if (basename(file) === 'Makefile') return (line) => !line.startsWith('\t');
  if (isYaml(file)) return (line) => indentOf(line) <= indentOf(first);
  if (isCode(file)) return (line) => line !== '' && indentOf(line) === indentOf(first);
  const [level] = /^#+(?= )/.exec(first) ?? [];
  if (level !== undefined) return (line) => /^#+ /.test(line) && line.indexOf(' ') <= level.length;
  if (/^ *(?:-|\d+\.) /.test(first)) return (line) => line === '' || indentOf(line) <= indentOf(first);
  return (line) => line === '' || line.startsWith('|');
}

const isYaml = (file: string): boolean => /\.ya?ml$/.test(file);

const isCode = (file: string): boolean =>
  !['.md', '.patch'].includes(extname(file)) && basename(file) !== 'Makefile' && !isYaml(file);

const indentOf = (line: string): number => line.length - line.trimStart().length;

/**
 * Returns the text with one text replaced. In Markdown, a space of `from` also matches a line break, because the
 * formatter wraps lines anew after each removal.
 *
 * @throws Error unless the text is there exactly once
 */
export function replace(file: string, text: string, { from, to }: { from: string; to: string }): string {
  const words = from.split(' ').map((word) => word.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`));
  const parts = text.split(extname(file) === '.md' ? new RegExp(words.join(String.raw`\s+`)) : from);
  if (parts.length !== 2) throw new Error(`${file} contains ${parts.length - 1} times: ${from}`);
  return parts.join(to);
}
