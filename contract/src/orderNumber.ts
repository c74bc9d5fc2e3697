/** Crockford's base 32, which leaves out I, L, O and U (https://www.crockford.com/base32.html). */
const symbols = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** The largest prime number whose remainders fit into two symbols. */
const modulus = 1021;
/** The first order number is 1001, because a number with one digit is hard to recognize as an order number. */
const offset = 1000;
const orderNumberPattern = /^(\d{4,16})[- ]?([0-9A-Z]{2})$/;

/**
 * The short number of an order, such as `1042-0N`, which a shopper can say on the phone. Its last two symbols are a
 * check: a number with one wrong digit, or with two swapped digits, is never valid. The number must not give access to
 * anything, because the next number is easy to guess.
 *
 * @param sequence the `sequence` of the order's row, from 1
 */
export function orderNumberOf(sequence: number): string {
  const number = offset + sequence;
  return `${number}-${checkOf(number)}`;
}

/**
 * The inverse of `orderNumberOf`. Accepts lower case, and a space or nothing instead of the hyphen. In the last two
 * symbols, accepts O, I and L for the digits that they resemble.
 *
 * @returns undefined if the text is not a valid order number
 */
export function sequenceOfOrderNumber(text: string): number | undefined {
  const [, digits = '', check = ''] = orderNumberPattern.exec(text.trim().toUpperCase()) ?? [];
  const sequence = sequenceOfDigits(digits);
  const isChecked = check.replaceAll('O', '0').replaceAll(/[IL]/g, '1') === checkOf(Number(digits));
  return isChecked ? sequence : undefined;
}

/**
 * Like `sequenceOfOrderNumber`, but also accepts a number without its check symbols, because people leave them out. Use
 * it only for a search, because a mistyped number can find another order.
 */
export function searchedSequence(text: string): number | undefined {
  const [digits = ''] = /^\d{4,16}$/.exec(text.trim()) ?? [];
  return sequenceOfOrderNumber(text) ?? sequenceOfDigits(digits);
}

function sequenceOfDigits(digits: string): number | undefined {
  const number = Number(digits);
  return number > offset && Number.isSafeInteger(number) ? number - offset : undefined;
}

function checkOf(number: number): string {
  const check = number % modulus;
  return `${symbols.charAt(Math.floor(check / symbols.length))}${symbols.charAt(check % symbols.length)}`;
}
