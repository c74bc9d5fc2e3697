import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { readRepositoryFile } from '../repositoryFile';
import { sharedServers } from '../env';

const run = promisify(execFile);

/**
 * Runs a command of the Temporal CLI that docs/operations.md gives, against the run's shared server.
 *
 * @param to what the document says that the command does
 * @param replaced the document's example values, and what stands for each here
 * @returns what it printed
 * @throws Error when the document has no such command, or the command fails
 */
export async function documentedCommand(to: string, replaced: Record<string, string>): Promise<string> {
  const row = readRepositoryFile('docs/operations.md')
    .split('\n')
    .find((line) => line.startsWith(`| ${to} | \`temporal `));
  if (row === undefined) throw new Error(`docs/operations.md has no command to ${to}`);
  const { temporalBinary, temporalAddress } = sharedServers();
  let command = (row.split('`')[1] ?? '').replace('temporal', '"$TEMPORAL"');
  for (const [example, value] of Object.entries(replaced)) command = command.replaceAll(example, value);
  // A home without the CLI's own configuration.
  const env = { TEMPORAL: temporalBinary, TEMPORAL_ADDRESS: temporalAddress, HOME: tmpdir() };
  const { stdout } = await run('/bin/sh', ['-euc', command], { env });
  return stdout;
}
