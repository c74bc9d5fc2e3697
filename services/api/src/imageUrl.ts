import { drawingPaths, maxImageUrlLength } from '@widget-store/contract';
import { Problem } from './problem';

/**
 * Checks the picture of a product. The picture must be the path of one of the store's drawings, or an https URL without
 * credentials at one of `imageOrigins`.
 *
 * @returns the path, or the URL in its normalised form (WHATWG URL Standard)
 * @throws Problem `invalid_product`
 */
export function parseImageUrl(text: string, imageOrigins: readonly string[]): string {
  if (drawingPaths.includes(text)) return text;
  const url = URL.canParse(text) ? new URL(text) : null;
  const isAllowed =
    url !== null &&
    // The normalised form can be longer than the text.
    url.href.length <= maxImageUrlLength &&
    url.protocol === 'https:' &&
    url.username === '' &&
    url.password === '' &&
    imageOrigins.includes(url.origin);
  if (isAllowed) return url.href;
  if (url?.protocol === 'https:' && !imageOrigins.includes(url.origin)) {
    const value = [...imageOrigins, url.origin].join(',');
    throw new Problem(
      'invalid_product',
      `The product is not valid at image_url: pictures at ${url.origin} are not allowed. The person who runs the store can set IMAGE_ORIGINS=${value} for the api, and restart it.`,
    );
  }
  const allowed =
    imageOrigins.length === 0
      ? ''
      : `, or an https address at ${imageOrigins.join(', ')} without a user name and with at most ${maxImageUrlLength} characters`;
  throw new Problem(
    'invalid_product',
    `The product is not valid at image_url: a picture is one of the store's drawings (${drawingPaths.join(', ')})${allowed}.`,
  );
}
