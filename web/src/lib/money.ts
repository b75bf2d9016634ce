/** Money as the API writes it. Its document says no more than “an object”, so the types do not know the fields. */
interface Money {
  minor: number;
  currency: string;
}

export function moneyOf(price: Record<string, unknown>): Money {
  return { minor: Number(price.minor), currency: String(price.currency) };
}

export function priceOf(money: Money) {
  return money as unknown as Record<string, never>;
}

/** What models and billable use cost is counted in millionths of this currency. */
export const USD = 'USD';
export const MICRO = 1_000_000;

/** The currencies to choose from, with their names. */
export function currencyOptions(language: string) {
  const names = new Intl.DisplayNames(language, { type: 'currency' });
  return Intl.supportedValuesOf('currency').map((value) => ({ value, label: `${value} – ${names.of(value)}` }));
}
