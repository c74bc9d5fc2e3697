/**
 * The active currencies of ISO 4217, by the number of decimals of their minor unit. Source: list one of the maintenance
 * agency, published 2024-06-25, with its changes until 2026-01-01 (XCG replaced ANG; CUC and BGN ended; XAD began).
 * Codes without a minor unit (metals, units of account, tests) are left out, because no product can have a price in
 * them.
 *
 * The table does not come from `Intl`, which reads the decimals from CLDR. CLDR differs from ISO 4217, and different
 * versions of Node and of browsers contain different versions of CLDR.
 */
const codesByDecimals: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  2:
    'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP ' +
    'COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR ' +
    'IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD ' +
    'NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP ' +
    'SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG',
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};

const decimalsByCode: ReadonlyMap<string, number> = new Map(
  Object.entries(codesByDecimals).flatMap(([decimals, codes]) =>
    codes.split(' ').map((code) => [code, Number(decimals)] as const),
  ),
);

/** Every currency that a product can be priced in, in alphabetical order. */
export const currencyCodes: readonly string[] = [...decimalsByCode.keys()].toSorted();

/** Whether the text is one of `currencyCodes`. */
export function isCurrency(code: string): boolean {
  return decimalsByCode.has(code);
}

/**
 * The number of decimals of a currency's minor unit: 2 for USD, 0 for JPY, 3 for KWD.
 *
 * @throws RangeError if the code is not one of `currencyCodes`
 */
export function minorUnitDigits(code: string): number {
  const decimals = decimalsByCode.get(code);
  if (decimals === undefined) throw new RangeError(`${code} is not an active ISO 4217 currency code`);
  return decimals;
}
