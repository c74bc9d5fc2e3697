import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** The files of the payment page. */
export interface Assets {
  styles: string;
  icon: string;
}

/** The same from `src` (jest) and from `dist`. */
const directory = resolve(__dirname, '../../gateway');

export async function loadAssets(): Promise<Assets> {
  const [styles, icon] = await Promise.all(
    ['pay.css', 'icon.svg'].map((name) => readFile(join(directory, name), 'utf8')),
  );
  return { styles: styles ?? '', icon: icon ?? '' };
}
