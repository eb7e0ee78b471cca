import { hoursAYear, type Preferences } from './preferences.ts';

/** Figures of one observation, a year, in one currency; null: the source does not tell. */
export type Figures = {
  readonly currency: string;
  readonly low: number | null;
  readonly typical: number | null;
  readonly high: number | null;
};

const formats = new Map<string, Intl.NumberFormat>();

/** `$73,318`, `$35.25` */
export const printMoney = (amount: number, currency: string, digits = 0): string => {
  const key = `${currency} ${digits}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat('en-US', {
      style: 'currency',
      currency,
      currencyDisplay: 'narrowSymbol',
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
    formats.set(key, format);
  }
  return format.format(amount);
};

const convert = (
  amount: number | null,
  from: string,
  { currency: to, rates }: Preferences,
): number | null => {
  if (amount === null || to === undefined || to === from) return amount;
  const rate = (code: string): number => (code === 'USD' ? 1 : (rates[code] ?? Number.NaN));
  return (amount / rate(from)) * rate(to);
};

/** Figures in the currency that the reader wants; without a wish they stay as they are. */
export const showFigures = <T extends Figures>(figures: T, preferences: Preferences): T => ({
  ...figures,
  currency: preferences.currency ?? figures.currency,
  low: convert(figures.low, figures.currency, preferences),
  typical: convert(figures.typical, figures.currency, preferences),
  high: convert(figures.high, figures.currency, preferences),
});

/** What an hour pays. */
export const hourly = (amount: number, preferences: Preferences): number => amount / hoursAYear(preferences);

/** An observation as text: `$88,000 – $150,000`, `$73,318`, `$35.25`. */
export const printFigures = (
  { currency, low, typical, high }: Figures,
  each: (amount: number) => number = (amount) => amount,
  digits = 0,
): string => {
  const print = (amount: number): string => printMoney(each(amount), currency, digits);
  const range =
    low !== null && high !== null
      ? `${print(low)} – ${print(high)}`
      : low !== null
        ? `from ${print(low)}`
        : high !== null
          ? `up to ${print(high)}`
          : undefined;
  if (typical === null) return range ?? '';
  return range === undefined ? print(typical) : `${print(typical)} (${range})`;
};

/** What observations are ordered by: the typical figure, or the middle of the range. */
export const middle = ({ low, typical, high }: Figures): number =>
  typical ?? (low !== null && high !== null ? (low + high) / 2 : (low ?? high ?? 0));

/** The steps of an axis from 0 that holds `most`: round numbers, at most six. */
export const axisSteps = (most: number): readonly number[] => {
  const rough = Math.max(most, 1) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? rough;
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, i) => i * step);
};

/** `$80k`, `₹4 lakh` would need a reader who knows it, so: `₹400k` */
export const printShort = (amount: number, currency: string): string =>
  new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    notation: 'compact',
    maximumFractionDigits: 1,
  })
    .format(amount)
    .replace('K', 'k');
