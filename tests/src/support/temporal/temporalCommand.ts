import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { readRepositoryFile } from '../repositoryFile';
import { sharedServers } from '../env';

const run = promisify(execFile);

/**
 * Runs a Temporal CLI command from docs/operations.md against the shared server.
 *
 * @param to the description of the command in the document
 * @param replaced the example values in the document, and the values to use instead
 * @returns the output of the command
 * @throws Error if the document has no such command, or if the command fails
 */
export async function documentedCommand(to: string, replaced: Record<string, string>): Promise<string> {
  const row = readRepositoryFile('docs/operations.md')
    .split('\n')
    .find((line) => line.startsWith(`| ${to} | \`temporal `));
  if (row === undefined) throw new Error(`docs/operations.md has no command to ${to}`);
  const { temporalBinary, temporalAddress } = sharedServers();
  let command = (row.split('`')[1] ?? '').replace('temporal', '"$TEMPORAL"');
  for (const [example, value] of Object.entries(replaced)) command = command.replaceAll(example, value);
  // `HOME` is a directory without a configuration of the CLI.
  const env = { TEMPORAL: temporalBinary, TEMPORAL_ADDRESS: temporalAddress, HOME: tmpdir() };
  const { stdout } = await run('/bin/sh', ['-euc', command], { env });
  return stdout;
}
