import { useId } from 'preact/hooks';
import { PayPlot } from '../parts/pay-plot.tsx';
import { CurrencySettings, HoursSettings } from '../parts/pay-settings.tsx';
import { PayTable } from '../parts/pay-table.tsx';
import { Loaded, View } from '../parts/view.tsx';
import { loadRoles, type Role } from '../pay.ts';
import { go, usePlace } from '../router.tsx';
import { useRows } from '../use-rows.ts';

const uniqueBy = <T,>(items: readonly T[], key: (item: T) => string): readonly T[] => [
  ...new Map(items.map((item) => [key(item), item])).values(),
];

/** The choice of rows stands in the address, so that it can be shared and gone back to. */
const useChoice = () => {
  const { path, query } = usePlace();
  const choose = (name: string, value: string): void => {
    const next = new URLSearchParams(query);
    if (value === '') next.delete(name);
    else next.set(name, value);
    go(next.size === 0 ? path : `${path}?${next}`, { replace: true });
  };
  return { region: query.get('region') ?? '', entry: query.get('entry') === '1', choose };
};

const Pay = ({ roles }: { readonly roles: readonly Role[] }) => {
  const { region, entry, choose } = useChoice();
  const regionId = useId();
  const entryId = useId();
  const all = roles.flatMap(({ pay }) => pay);
  const regions = uniqueBy(
    all.map((one) => one.region),
    ({ id }) => id,
  ).toSorted((a, b) => a.name.localeCompare(b.name));
  const currencies = [...new Set(all.map(({ currency }) => currency))].sort().reverse();
  const shown = roles.filter(({ entryLevel }) => entryLevel || !entry);
  const rows = shown.flatMap(({ pay, outlook }) =>
    pay.filter((one) => region === '' || one.region.id === region).map((origin) => ({ origin, outlook })),
  );
  const without = shown.filter(({ pay }) => pay.length === 0);
  return (
    <>
      <form class="settings" onSubmit={(event) => event.preventDefault()}>
        <fieldset class="settings-group">
          <legend>Roles</legend>
          <div class="field">
            <label for={regionId}>Region</label>
            <select
              id={regionId}
              value={region}
              onChange={({ currentTarget }) => choose('region', currentTarget.value)}
            >
              <option value="">all</option>
              {regions.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </div>
          <label class="check" for={entryId}>
            <input
              id={entryId}
              type="checkbox"
              checked={entry}
              onChange={({ currentTarget }) => choose('entry', currentTarget.checked ? '1' : '')}
            />
            entry level only
          </label>
        </fieldset>
        <CurrencySettings currencies={currencies} />
        <HoursSettings />
      </form>
      {rows.length === 0 ? (
        <p class="notice">No figure fits this choice. Choose another region, or all roles.</p>
      ) : (
        <>
          <h2>Pay a year</h2>
          <PayPlot observations={rows.map(({ origin }) => origin)} />
          <h2>All figures</h2>
          <PayTable rows={rows} />
        </>
      )}
      {without.length > 0 && (
        <p class="missing">
          <strong>Missing:</strong> the notebook has no pay for{' '}
          {new Intl.ListFormat('en').format(without.map(({ title }) => title))}.
        </p>
      )}
    </>
  );
};

export const Explore = () => {
  const roles = useRows('roles', loadRoles);
  return (
    <View
      title="Explore"
      lead="What back-end roles pay, and where. Every number opens its source; where sources disagree, all of them are shown."
      sent={roles.sent}
    >
      <Loaded of={roles}>{(data) => <Pay roles={data} />}</Loaded>
    </View>
  );
};
