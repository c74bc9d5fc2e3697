const keptLines = 20;

/** Keeps the last lines of a program's output, so that an error can show them. */
export function lastLines() {
  const kept: string[] = [];
  return {
    push(line: string): void {
      kept.push(line);
      if (kept.length > keptLines) kept.shift();
    },
    lines: (): string[] => [...kept],
    /** Returns the sentence and, after it, the last lines of output. */
    describe(sentence: string): string {
      if (kept.length === 0) return `${sentence}; it printed nothing`;
      return [`${sentence}; its last lines:`, ...kept.map((line) => `  ${line}`)].join('\n');
    },
  };
}
