import { useEffect, useState } from 'preact/hooks';

/** How a reader wants money to be shown; kept in the browser. */
export type Preferences = {
  readonly hoursAWeek: number;
  readonly weeksAYear: number;
  /** The currency that all figures are shown in; undefined: each in its own. */
  readonly currency: string | undefined;
  /** What one US dollar is in other currencies. */
  readonly rates: { readonly [currency: string]: number };
};

// 40 hours in 52 weeks are the 2,080 that sources count with. The rate is a round number to begin with, and the page
// says so.
const defaults: Preferences = { hoursAWeek: 40, weeksAYear: 52, currency: undefined, rates: { INR: 85 } };

const place = 'careers.preferences';
const changed = new EventTarget();

const isBetween = (value: unknown, from: number, to: number): value is number =>
  typeof value === 'number' && value >= from && value <= to;

/** What was kept, as far as it makes sense: somebody else may have written there. */
const read = (): Preferences => {
  let kept: Partial<Preferences> = {};
  try {
    kept = (JSON.parse(localStorage.getItem(place) ?? '{}') ?? {}) as Partial<Preferences>;
  } catch {
    // Storage is off, or holds no JSON: the defaults hold.
  }
  const rates = Object.entries(kept.rates ?? {}).filter(([, rate]) => isBetween(rate, 1e-6, 1e9));
  return {
    hoursAWeek: isBetween(kept.hoursAWeek, 1, 168) ? kept.hoursAWeek : defaults.hoursAWeek,
    weeksAYear: isBetween(kept.weeksAYear, 1, 53) ? kept.weeksAYear : defaults.weeksAYear,
    currency: typeof kept.currency === 'string' ? kept.currency : undefined,
    rates: { ...defaults.rates, ...Object.fromEntries(rates) },
  };
};

let current = read();

const change = (more: Partial<Preferences>): void => {
  current = { ...current, ...more };
  try {
    localStorage.setItem(place, JSON.stringify(current));
  } catch {
    // They hold until the page is left.
  }
  changed.dispatchEvent(new Event('change'));
};

export const hoursAYear = ({ hoursAWeek, weeksAYear }: Preferences): number => hoursAWeek * weeksAYear;

/** The reader's preferences, the same in all views, and what changes them. */
export const usePreferences = (): readonly [Preferences, (more: Partial<Preferences>) => void] => {
  const [preferences, setPreferences] = useState(current);
  useEffect(() => {
    const update = (): void => setPreferences(current);
    changed.addEventListener('change', update);
    return () => changed.removeEventListener('change', update);
  }, []);
  return [preferences, change];
};
