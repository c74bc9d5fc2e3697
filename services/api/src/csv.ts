import type { Context } from 'hono';

export type CsvCell = string | number | null;

/**
 * The columns of a table, in their sequence: the name of each column, and a function that returns its cell in a row.
 */
export type CsvColumns<Row> = Record<string, (row: Row) => CsvCell>;

/**
 * Responds with a table as a CSV file (RFC 4180) that is sent page by page, so a long table needs little memory. If a
 * page cannot be read, the connection breaks, so that nobody takes a part of the table for the whole.
 *
 * @param name what the table contains. The name of the file also has the day of the download (UTC)
 * @param pages the rows. The caller must have read the first page already, so that a failure of this read becomes a
 * problem and not a broken file
 */
export function csvResponse<Row>(
  c: Context,
  { name, columns, pages }: { name: string; columns: CsvColumns<Row>; pages: AsyncIterable<Row[]> },
): Response {
  const lines = csvPages(columns, pages);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const { done, value } = await lines.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    cancel: async () => void (await lines.return()),
  });
  return c.body(body, 200, {
    'Content-Type': 'text/csv; charset=utf-8; header=present',
    'Content-Disposition': `attachment; filename="${name}-${new Date().toISOString().slice(0, 10)}.csv"`,
    'Cache-Control': 'no-store',
  });
}

/** A page of rows, newest first. `nextBefore` is the value of `before` for the next page; undefined on the last page. */
interface Page {
  nextBefore: number | undefined;
}

/**
 * Yields the rows of all pages.
 *
 * @param first the first page, which the caller has read
 * @param read returns the page before this position; undefined if what the table describes, such as a product, no
 * longer exists
 */
export async function* allPages<SomePage extends Page, Row>(
  first: SomePage,
  read: (before: number) => Promise<SomePage | undefined>,
  rowsOf: (page: SomePage) => Row[],
): AsyncGenerator<Row[]> {
  for (let page: SomePage | undefined = first; page !== undefined;) {
    yield rowsOf(page);
    page = page.nextBefore === undefined ? undefined : await read(page.nextBefore);
  }
}

/**
 * A byte-order mark at the beginning of a file. Without it, Excel reads UTF-8 in the character set of the computer's
 * language, and shows "×" and letters with accents wrong.
 */
const byteOrderMark = '\uFEFF';

async function* csvPages<Row>(columns: CsvColumns<Row>, pages: AsyncIterable<Row[]>): AsyncGenerator<string, void> {
  yield byteOrderMark + csvLine(Object.keys(columns));
  const cells = Object.values(columns);
  for await (const rows of pages) yield rows.map((row) => csvLine(cells.map((cell) => cell(row)))).join('');
}

/** A time in UTC as spreadsheets read it, for example `2026-01-31 12:00:00`. They take an ISO time with `Z` for text. */
export function csvTime(time: Date): string {
  return time.toISOString().slice(0, 19).replace('T', ' ');
}

/** A line of a CSV file (RFC 4180), with its line break. */
export function csvLine(cells: CsvCell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/**
 * The places where a spreadsheet can take a text for a formula (OWASP, "CSV Injection"): its beginning, and each place
 * after a character that some spreadsheets take for the end of a cell.
 */
const formulas = /^(?=[=+\-@\t\r\n＝＋－＠])|(?<=[;\t\r\n])(?=[=+\-@＝＋－＠])/g;

/** Adds an apostrophe at each place that `formulas` finds, so that spreadsheets show the cell as text. */
function csvCell(cell: CsvCell): string {
  if (typeof cell !== 'string') return cell === null ? '' : String(cell);
  const text = cell.replaceAll(formulas, "'");
  return /[",\r\n']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
