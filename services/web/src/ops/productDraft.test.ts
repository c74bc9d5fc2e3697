import { currenciesOf, draftOf, errorsOf, fieldsOf, pictureError, priceQuestion } from './productDraft.js';

const draft = (change: object) => ({ ...draftOf(undefined, 'USD'), name: 'Harbour Mug', price: '18.50', ...change });

describe('the form of a product', () => {
  it.each([
    ['18.50', 'USD', null],
    ['18,5', 'USD', null],
    ['1850', 'JPY', null],
    ['', 'USD', 'Enter a price, such as 18.50.'],
    ['', 'JPY', 'Enter a price, such as 1850.'],
    ['$18.50', 'USD', 'Enter the price without a currency sign, such as 18.50.'],
    ['18.50 EUR', 'EUR', 'Enter the price without a currency sign, such as 18.50.'],
    ['18.505', 'USD', 'Enter at most 2 decimals, and no sign between thousands.'],
    ['18.50', 'JPY', 'Enter the price without decimals, and without signs between thousands.'],
    ['1,850.00', 'USD', 'Enter the price without spaces or signs between thousands, such as 18.50.'],
    ['1 850', 'USD', 'Enter the price without spaces or signs between thousands, such as 18.50.'],
    ['0', 'USD', 'Enter a price above 0.'],
    ['-5', 'USD', 'Enter a price above 0.'],
    ['1234567890123', 'USD', 'The price is too high.'],
  ])('for the price %j in %s, says %j', (price, currency, error) => {
    const entered = draft({ price, currency });
    expect(errorsOf(entered).price).toBe(error);
    expect(fieldsOf(entered) === null).toBe(error !== null);
  });

  it.each([
    ['99.99', '9.99', 'Change the price from $99.99 to $9.99?'],
    ['99.99', '999.90', 'Change the price from $99.99 to $999.90?'],
    ['10.00', '15.01', 'Change the price from $10.00 to $15.01?'],
    ['10.00', '15.00', null],
    ['10.00', '5', null],
    ['10.00', 'ten', null],
    ['', '9.99', null],
  ])('for a price change from %j to %j, asks %j', (before, after, question) => {
    expect(priceQuestion(draft({ price: before }), draft({ price: after }))).toBe(question);
  });

  it.each([
    ['', null],
    ['/drawings/pocket.svg', null],
    ['https://cdn.example/tea.jpg', null],
    ['cdn.example/tea.jpg', 'Enter an address that begins with https://.'],
    ['http://cdn.example/tea.jpg', 'Enter an address that begins with https://.'],
    [
      'https://my.example/tea.jpg',
      'Pictures at https://my.example are not allowed yet. Ask the person who runs the store to set IMAGE_ORIGINS=https://cdn.example,https://my.example for the api, and to restart it.',
    ],
  ])('says of the picture %j: %j', (picture, error) => {
    expect(pictureError(picture, ['https://cdn.example'])).toBe(error);
  });

  it('offers the currencies of the products, the most frequent first', () => {
    const products = ['JPY', 'EUR', 'USD', 'EUR'].map((currency) => ({ currency }));
    expect(currenciesOf(products)).toEqual(['EUR', 'JPY', 'USD']);
  });

  it.each([
    [{ name: ' ' }, { name: 'Enter a name.', currency: null, price: null }],
    [{ currency: '' }, { name: null, currency: 'Choose a currency.', price: null }],
  ])('names the wrong field in %j', (change, errors) => {
    expect(errorsOf(draft(change))).toEqual(errors);
    expect(fieldsOf(draft(change))).toBeNull();
  });
});
