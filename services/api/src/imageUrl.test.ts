import { defaultDrawing } from '@widget-store/contract';
import { parseImageUrl } from './imageUrl';

const origins = ['https://cdn.example', 'https://images.example:8443'];

describe('the picture of a product', () => {
  it('cannot have an address whose normalised form is too long', () => {
    const text = `https://cdn.example/${'é'.repeat(400)}`;
    expect(() => parseImageUrl(text, origins)).toThrow('image_url');
  });

  it.each([
    [defaultDrawing, defaultDrawing],
    ['https://cdn.example/a b.jpg?w=400', 'https://cdn.example/a%20b.jpg?w=400'],
    ['https://CDN.example:443/a.jpg', 'https://cdn.example/a.jpg'],
    ['https://images.example:8443/a.png', 'https://images.example:8443/a.png'],
  ])('can be %s', (text, url) => {
    expect(parseImageUrl(text, origins)).toBe(url);
  });

  it.each([
    'javascript:alert(1)',
    'data:image/svg+xml,<svg/>',
    'http://cdn.example/a.jpg',
    'https://cdn.example.evil.example/a.jpg',
    'https://cdn.example@evil.example/a.jpg',
    'https://user:secret@cdn.example/a.jpg',
    'https://evil.example\\@cdn.example/a.jpg',
    'https://cdn.example:8443/a.jpg',
    'https://images.example/a.png',
    '//cdn.example/a.jpg',
    '/drawings/../orders',
    '/drawings/unknown.svg',
    defaultDrawing.slice(1),
    '',
  ])('cannot be %j', (text) => {
    expect(() => parseImageUrl(text, origins)).toThrow(/image_url/);
  });

  it('must be a drawing if no origin is allowed', () => {
    expect(() => parseImageUrl('/a.jpg', [])).toThrow(/drawings/);
    expect(() => parseImageUrl('https://cdn.example/a.jpg', [])).toThrow(/image_url/);
  });

  it('names the setting that allows another origin', () => {
    expect(() => parseImageUrl('https://my.example/a.jpg', ['https://cdn.example'])).toThrow(
      'pictures at https://my.example are not allowed. The person who runs the store can set IMAGE_ORIGINS=https://cdn.example,https://my.example for the api, and restart it.',
    );
  });
});
