import { appendFileSync, readFileSync } from 'node:fs';
import type { History, Operation, OperationKind, Outcome, Request, Response } from '../support/clients/history';

/** One line of the history, as in Jepsen: the start or the end of an operation. */
type HistoryLine =
  | { type: 'invoke'; id: number; at: number; process: string; f: OperationKind; request: Request }
  | { type: Outcome; id: number; at: number; response: Response };

/** Writes a history line by line, so that the history survives a crash of the run. */
export function openHistory(file: string): History {
  let last = 0;
  const write = (line: HistoryLine): void => appendFileSync(file, `${JSON.stringify(line)}\n`);
  return {
    invoke: (operation) => {
      last += 1;
      write({ type: 'invoke', id: last, at: Date.now(), ...operation });
      return last;
    },
    complete: (id, { outcome, response }) => write({ type: outcome, id, at: Date.now(), response }),
  };
}

/** Reads a history. An operation without an end is `unknown`. */
export function readHistory(file: string): Operation[] {
  return pairUp(readJsonLines<HistoryLine>(file));
}

function pairUp(lines: HistoryLine[]): Operation[] {
  const operations = new Map<number, Operation>();
  for (const line of lines) {
    if (line.type === 'invoke') {
      const { id, at: startMs, process, f, request } = line;
      operations.set(id, { id, process, f, request, startMs, endMs: Infinity, outcome: 'unknown', response: {} });
      continue;
    }
    const operation = operations.get(line.id);
    if (operation === undefined) throw new Error(`the history ends operation ${line.id} before it starts`);
    Object.assign(operation, { endMs: line.at, outcome: line.type, response: line.response });
  }
  return [...operations.values()];
}

export function readJsonLines<Line>(file: string): Line[] {
  const text = readFileSync(file, 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}
