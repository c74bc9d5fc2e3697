/** As tables have it: a hundred and more without decimals. */
export function number(value: number): string {
  const rounded = value >= 100 ? Math.round(value) : Number(value.toFixed(1));
  return rounded.toLocaleString('en-US');
}

/** @param share 0 to 1 */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
