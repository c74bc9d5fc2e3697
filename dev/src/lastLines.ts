/** How much of a program's output an error shows. */
const keptLines = 20;

/** The end of a program's output, for the error that says why it did not work. */
export function lastLines() {
  const kept: string[] = [];
  return {
    push(line: string): void {
      kept.push(line);
      if (kept.length > keptLines) kept.shift();
    },
    lines: (): string[] => [...kept],
    /** The sentence, followed by the last lines of output when there are any. */
    describe(sentence: string): string {
      if (kept.length === 0) return `${sentence}; it printed nothing`;
      return [`${sentence}; its last lines:`, ...kept.map((line) => `  ${line}`)].join('\n');
    },
  };
}
