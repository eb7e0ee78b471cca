import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { hourly, middle, printFigures, printMoney, showFigures } from '../money.ts';
import { countSame, type Observation, type Outlook, printMonth } from '../pay.ts';
import { type Preferences, usePreferences } from '../preferences.ts';
import { Cite } from './cite.tsx';
import { citationOf } from './pay-plot.tsx';

/** An observation as the table shows it, with the outlook of its role. */
export type PayRow = { readonly origin: Observation; readonly outlook: Outlook | undefined };

type Shown = PayRow & { readonly shown: Observation };

type Column = {
  readonly name: string;
  readonly number?: true;
  readonly compare: (a: Shown, b: Shown) => number;
  readonly cell: (row: Shown, preferences: Preferences) => ComponentChildren;
};

const byText =
  (text: (row: Shown) => string) =>
  (a: Shown, b: Shown): number =>
    text(a).localeCompare(text(b), 'en');

/** Amounts of two currencies have no order, so each currency is for itself; what is not told comes last. */
const byAmount =
  (amount: (row: Shown) => number | null) =>
  (a: Shown, b: Shown): number =>
    a.shown.currency.localeCompare(b.shown.currency) || (amount(a) ?? Infinity) - (amount(b) ?? Infinity);

const amountCell =
  (part: 'low' | 'typical' | 'high') =>
  ({ origin, shown }: Shown): ComponentChildren => {
    const amount = shown[part];
    if (amount === null) return <span class="nothing">–</span>;
    return <Cite cited={citationOf(origin, printFigures(origin))}>{printMoney(amount, shown.currency)}</Cite>;
  };

const columns: readonly Column[] = [
  {
    name: 'Role',
    compare: byText(({ origin }) => origin.role.title),
    cell: ({ origin }) => origin.role.title,
  },
  {
    name: 'Region',
    compare: byText(({ origin }) => origin.region.name),
    cell: ({ origin }) => origin.region.name,
  },
  { name: 'Low', number: true, compare: byAmount(({ shown }) => shown.low), cell: amountCell('low') },
  {
    name: 'Typical',
    number: true,
    compare: byAmount(({ shown }) => shown.typical),
    cell: amountCell('typical'),
  },
  { name: 'High', number: true, compare: byAmount(({ shown }) => shown.high), cell: amountCell('high') },
  {
    name: 'An hour',
    number: true,
    compare: byAmount(({ shown }) => middle(shown)),
    cell: ({ origin, shown }, preferences) => (
      <Cite cited={citationOf(origin, printFigures(origin))}>
        {printFigures(shown, (amount) => hourly(amount, preferences), 2)}
      </Cite>
    ),
  },
  {
    name: 'Source',
    compare: byText(({ origin }) => origin.source?.publisher ?? '~'),
    cell: ({ origin: { source, asOf } }) => (
      <>
        {source === null ? <em>none noted</em> : source.publisher}
        <span class="small">{asOf === null ? 'no date' : printMonth(asOf)}</span>
      </>
    ),
  },
  {
    name: 'Outlook',
    number: true,
    compare: (a, b) => (a.outlook?.growthPercent ?? Infinity) - (b.outlook?.growthPercent ?? Infinity),
    cell: ({ outlook }) =>
      outlook === undefined ? (
        <span class="nothing">–</span>
      ) : (
        <Cite
          cited={{
            claim: `Employment of ${outlook.occupation}: ${outlook.growthPercent} % more from ${outlook.from} to ${outlook.to}. That this occupation is the nearest to the role is our own reading.`,
            source: outlook.source,
          }}
        >
          +{outlook.growthPercent} %
        </Cite>
      ),
  },
];

/** All observations, each in a row of its own, in the order that the reader wants. */
export const PayTable = ({ rows }: { readonly rows: readonly PayRow[] }) => {
  const [preferences] = usePreferences();
  const [{ by, down }, setOrder] = useState({ by: 'Role', down: false });
  const column = columns.find(({ name }) => name === by);
  const all = rows.map(({ origin }) => origin);
  const shown = rows.map((row) => ({ ...row, shown: showFigures(row.origin, preferences) }));
  const sorted =
    column === undefined ? shown : shown.toSorted((a, b) => column.compare(a, b) * (down ? -1 : 1));
  return (
    <table class="cards">
      <caption class="visually-hidden">Pay a year and an hour, by role and region</caption>
      <thead>
        <tr>
          {columns.map(({ name, number }) => (
            <th
              key={name}
              scope="col"
              class={number ? 'number' : undefined}
              aria-sort={by === name ? (down ? 'descending' : 'ascending') : undefined}
            >
              <button
                type="button"
                class="sort"
                onClick={() => setOrder({ by: name, down: by === name && !down })}
              >
                {name}
                <span class="sort-sign" aria-hidden="true">
                  {by === name ? (down ? '▼' : '▲') : ''}
                </span>
              </button>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {sorted.map((row) => (
          <tr key={row.origin.id} class={countSame(all, row.origin) > 1 ? 'conflicting' : undefined}>
            {columns.map(({ name, number, cell }, i) =>
              i === 0 ? (
                <th key={name} scope="row" data-label={name}>
                  {cell(row, preferences)}
                </th>
              ) : (
                <td key={name} class={number ? 'number' : undefined} data-label={name}>
                  {cell(row, preferences)}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
};
