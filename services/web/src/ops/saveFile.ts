/** A CSV file that the api has sent. */
export interface CsvFile {
  name: string;
  content: string;
}

/** Reads a CSV file and the name that the api gives it. */
export async function readCsvFile(answer: { headers: Headers; text: () => Promise<string> }): Promise<CsvFile> {
  const [, name = 'download.csv'] = /filename="([^"]+)"/.exec(answer.headers.get('content-disposition') ?? '') ?? [];
  return { name, content: await answer.text() };
}

/** The api's CSV files begin with this mark, which `text()` removes. Spreadsheets need it to read UTF-8. */
const byteOrderMark = '\uFEFF';

/** Lets the browser save a CSV file. */
export function saveFile({ name, content }: CsvFile): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([byteOrderMark, content], { type: 'text/csv' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
