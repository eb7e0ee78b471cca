import { useId } from 'preact/hooks';
import { hoursAYear, usePreferences } from '../preferences.ts';

type NumberFieldProps = {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step?: number | 'any';
  readonly onValue: (value: number) => void;
};

/** A number; what is no number within the bounds is left to the field, which says so. */
export const NumberField = ({ label, value, min, max, step = 1, onValue }: NumberFieldProps) => {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="number"
        inputMode="decimal"
        value={value}
        min={min}
        max={max}
        step={step}
        onInput={({ currentTarget }) => {
          if (currentTarget.value !== '' && currentTarget.validity.valid)
            onValue(currentTarget.valueAsNumber);
        }}
      />
    </div>
  );
};

/** How long a year's work is: what turns a salary into an hour's pay. */
export const HoursSettings = () => {
  const [preferences, change] = usePreferences();
  return (
    <fieldset class="settings-group">
      <legend>An hour’s pay</legend>
      <NumberField
        label="Hours a week"
        value={preferences.hoursAWeek}
        min={1}
        max={168}
        step={0.5}
        onValue={(hoursAWeek) => change({ hoursAWeek })}
      />
      <NumberField
        label="Weeks a year"
        value={preferences.weeksAYear}
        min={1}
        max={53}
        step={0.5}
        onValue={(weeksAYear) => change({ weeksAYear })}
      />
      <output class="outcome">{hoursAYear(preferences).toLocaleString('en-US')} hours a year</output>
    </fieldset>
  );
};

/** In which money figures are shown, and at what rate. */
export const CurrencySettings = ({ currencies }: { readonly currencies: readonly string[] }) => {
  const [{ currency, rates }, change] = usePreferences();
  const id = useId();
  const others = currencies.filter((code) => code !== 'USD');
  return (
    <fieldset class="settings-group">
      <legend>Money</legend>
      <div class="field">
        <label for={id}>Show in</label>
        <select
          id={id}
          value={currency ?? ''}
          onChange={({ currentTarget }) => change({ currency: currentTarget.value || undefined })}
        >
          <option value="">original currency</option>
          {currencies.map((code) => (
            <option key={code} value={code}>
              {code}
            </option>
          ))}
        </select>
      </div>
      {currency !== undefined &&
        others.map((code) => (
          <NumberField
            key={code}
            label={`1 USD in ${code}`}
            value={rates[code] ?? 1}
            min={0.000001}
            max={1_000_000_000}
            step="any"
            onValue={(rate) => change({ rates: { ...rates, [code]: rate } })}
          />
        ))}
      {currency !== undefined && (
        <p class="small field-note">
          The rate is yours to set: 85 is only a round number to begin with, and has no source.
        </p>
      )}
    </fieldset>
  );
};
