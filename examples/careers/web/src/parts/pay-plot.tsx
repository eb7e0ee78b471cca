import { axisSteps, printFigures, printShort, showFigures } from '../money.ts';
import type { Observation } from '../pay.ts';
import { usePreferences } from '../preferences.ts';
import { useCite } from './cite.tsx';

const groupBy = <T,>(
  items: readonly T[],
  key: (item: T) => string,
): readonly (readonly [string, readonly T[]])[] => [...Map.groupBy(items, key)];

export const describe = ({ role, region }: Observation): string => `${role.title}, ${region.name}`;

/** The source of an observation, as the plot and the table open it. */
export const citationOf = (one: Observation, shown: string) => ({
  claim: `${describe(one)}: ${shown} a year`,
  source: one.source,
  asOf: one.asOf,
  note: one.note,
});

type RowProps = { readonly shown: Observation; readonly origin: Observation; readonly most: number };

const Mark = ({ shown, origin, most }: RowProps) => {
  const cite = useCite();
  const { low, typical, high } = shown;
  const from = low ?? typical ?? high ?? 0;
  const to = high ?? typical ?? low ?? 0;
  const share = (amount: number, whole: number): string => `${(amount / whole) * 100}%`;
  const kind = to > from ? 'plot-range' : 'plot-point';
  const text = printFigures(shown);
  return (
    <>
      <div class="plot-track">
        <button
          type="button"
          class={`plot-mark ${kind} ${origin.source === null ? 'plot-unsourced' : ''}`}
          style={{ left: share(from, most), width: to > from ? share(to - from, most) : '' }}
          aria-label={`${describe(origin)}: ${text} a year. Open its source.`}
          onClick={() => cite(citationOf(origin, printFigures(origin)))}
        >
          {to > from && <span class="plot-bar" />}
          {typical !== null && (
            <span class="plot-dot" style={{ left: to > from ? share(typical - from, to - from) : '' }} />
          )}
        </button>
      </div>
      <span class="plot-value">{text}</span>
    </>
  );
};

type PlotProps = {
  readonly currency: string;
  readonly rows: readonly { readonly shown: Observation; readonly origin: Observation }[];
};

const Plot = ({ currency, rows }: PlotProps) => {
  const steps = axisSteps(
    Math.max(...rows.map(({ shown: { low, typical, high } }) => high ?? typical ?? low ?? 0)),
  );
  const most = steps.at(-1) ?? 1;
  return (
    <figure class="plot" style={{ '--steps': steps.length - 1 }}>
      <figcaption>{currency} a year</figcaption>
      <div class="plot-axis" aria-hidden="true">
        {steps.map((step) => (
          <span key={step} style={{ left: `${(step / most) * 100}%` }}>
            {printShort(step, currency)}
          </span>
        ))}
      </div>
      <ol>
        {groupBy(rows, ({ origin }) => origin.role.title).map(([title, ofRole]) => (
          <li key={title} class="plot-role">
            <h3>{title}</h3>
            <ul>
              {groupBy(ofRole, ({ origin }) => origin.region.name).map(([region, ofRegion]) => (
                <li key={region} class={ofRegion.length > 1 ? 'plot-region plot-conflict' : 'plot-region'}>
                  <span class="plot-place">
                    {region}
                    {ofRegion.length > 1 && (
                      <span class="conflict">{ofRegion.length} figures that disagree</span>
                    )}
                  </span>
                  <ul>
                    {ofRegion.map(({ shown, origin }) => (
                      <li key={origin.id} class="plot-row">
                        <Mark shown={shown} origin={origin} most={most} />
                      </li>
                    ))}
                  </ul>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
    </figure>
  );
};

/** Ranges and typical values, a plot for each currency, or one if the reader has chosen a currency. */
export const PayPlot = ({ observations }: { readonly observations: readonly Observation[] }) => {
  const [preferences] = usePreferences();
  const rows = observations.map((origin) => ({ origin, shown: showFigures(origin, preferences) }));
  return (
    <div class="plots">
      {groupBy(rows, ({ shown }) => shown.currency).map(([currency, ofCurrency]) => (
        <Plot key={currency} currency={currency} rows={ofCurrency} />
      ))}
      <p class="legend small" aria-hidden="true">
        <span class="legend-range" /> from low to high <span class="legend-dot" /> typical{' '}
        <span class="legend-dot legend-unsourced" /> no source is noted
      </p>
    </div>
  );
};
