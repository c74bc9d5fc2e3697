import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Environment } from './childProcess';
import { messageOf } from './errors';

export interface ProgramSearch {
  /** The possible file names of the program, the preferred one first. */
  names: string[];
  environment: Environment;
  /** Gets a program that is not on PATH, and resolves with the program's path. */
  fetch: () => Promise<string>;
  /** The first and the last sentence of the error: what is missing, and what to install. */
  missing: string;
  remedy: string;
  /** If this signal is aborted, `resolveProgram` throws the abort reason unchanged. */
  signal?: AbortSignal | undefined;
}

/**
 * Returns the path of a program. Fetches the program if it is not on PATH.
 *
 * @throws Error that says what is missing, why, and what to install
 */
export async function resolveProgram(search: ProgramSearch): Promise<string> {
  const { names, environment, fetch, missing, remedy, signal } = search;
  const onPath = await findOnPath(names, environment);
  if (onPath !== undefined) return onPath;
  try {
    return await fetch();
  } catch (error) {
    signal?.throwIfAborted();
    throw new Error([missing, messageOf(error), remedy].join('\n'), { cause: error });
  }
}

/** Returns the path of the first of these programs that is on PATH, or undefined. */
export async function findOnPath(names: string[], environment: Environment): Promise<string | undefined> {
  const directories = (environment['PATH'] ?? '').split(delimiter).filter((directory) => directory !== '');
  for (const name of names) {
    for (const directory of directories) {
      const candidate = join(directory, name);
      if (await isExecutable(candidate)) return candidate;
    }
  }
  return undefined;
}

export async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/**
 * Returns the result of the first attempt that succeeds.
 *
 * @param onFailure is called with the reason of each failed attempt. If `onFailure` throws, the search ends with that
 * error.
 * @throws Error with a line for each attempt
 */
export async function tryInTurn<Result>(
  attempts: (() => Promise<Result>)[],
  onFailure: (reason: string) => void = () => {},
): Promise<Result> {
  const reasons: string[] = [];
  for (const attempt of attempts) {
    try {
      return await attempt();
    } catch (error) {
      const reason = messageOf(error);
      reasons.push(`- ${reason}`);
      onFailure(reason);
    }
  }
  throw new Error(reasons.join('\n'));
}
