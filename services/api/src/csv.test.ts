import { Hono } from 'hono';
import { csvLine, csvResponse } from './csv';

describe('a CSV file', () => {
  it.each([
    ['=1+1', `"'=1+1"`],
    ['+1', `"'+1"`],
    ['-1', `"'-1"`],
    ['@SUM(A1)', `"'@SUM(A1)"`],
    ['\t=1', `"'\t'=1"`],
    ['\r=1', `"'\r'=1"`],
    ['＝1', `"'＝1"`],
    ['a "b", c', '"a ""b"", c"'],
    ['two\r\nlines', '"two\r\nlines"'],
    ['plain =1', 'plain =1'],
    ['Ann;=1+1;', `"Ann;'=1+1;"`],
    [-3, '-3'],
    [null, ''],
  ])('has no formula and no broken line for %j', (cell, written) => {
    expect(csvLine([cell, 'next'])).toBe(`${written},next\r\n`);
  });

  it('has a header and the rows of every page', async () => {
    const app = new Hono().get('/', (c) =>
      csvResponse(c, {
        name: 'widgets',
        columns: { number: (n: number) => n, text: String },
        pages: pagesOf([1, 2], [3]),
      }),
    );
    const answer = await app.request('/');
    expect(await answer.text()).toBe('number,text\r\n1,1\r\n2,2\r\n3,3\r\n');
    expect(answer.headers.get('Content-Disposition')).toMatch(/^attachment; filename="widgets-\d{4}-\d\d-\d\d\.csv"$/);
  });

  it('begins with a byte-order mark, so that spreadsheets read it as UTF-8', async () => {
    const app = new Hono().get('/', (c) =>
      csvResponse(c, { name: 'widgets', columns: { text: String }, pages: pagesOf([]) }),
    );
    const bytes = new Uint8Array(await (await app.request('/')).arrayBuffer());
    expect(Array.from(bytes.subarray(0, 3))).toEqual([0xef, 0xbb, 0xbf]);
  });

  it('breaks the connection if a page cannot be read', async () => {
    async function* failing() {
      yield [1];
      throw new Error('the database is away');
    }
    const app = new Hono().get('/', (c) =>
      csvResponse(c, { name: 'widgets', columns: { number: (n: number) => n }, pages: failing() }),
    );
    await expect((await app.request('/')).text()).rejects.toThrow('the database is away');
  });
});

async function* pagesOf(...pages: number[][]) {
  yield* pages;
}
