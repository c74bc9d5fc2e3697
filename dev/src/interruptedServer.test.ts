import { watchForInterruption } from './interruptedServer';

const line =
  'level=ERROR msg="Operation failed with internal error." error="GetNamespace operation failed. Error interrupted (9)"';

let nowMs = 0;
let lost = 0;
let watch: (line: string) => void;

beforeEach(() => {
  nowMs = 0;
  lost = 0;
  watch = watchForInterruption(
    () => {
      lost += 1;
    },
    () => nowMs,
  );
});

function printFor(ms: number, { everyMs = 500, text = line } = {}): void {
  for (const endMs = nowMs + ms; nowMs < endMs; nowMs += everyMs) watch(text);
}

test('a server that fails for eight seconds is reported once', () => {
  printFor(8000);

  expect(lost).toBe(1);
});

test('a server that fails for four seconds is not reported', () => {
  printFor(4000);
  nowMs += 3000;
  printFor(4000);

  expect(lost).toBe(0);
});

test('other errors are ignored', () => {
  printFor(60_000, { text: 'level=ERROR error="context canceled"' });

  expect(lost).toBe(0);
});

test('a server that breaks again is reported again', () => {
  printFor(6000);
  nowMs += 60_000;
  printFor(6000);

  expect(lost).toBe(2);
});
