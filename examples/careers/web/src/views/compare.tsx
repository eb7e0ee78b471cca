import { useId, useState } from 'preact/hooks';
import { rowsOf } from '../api.ts';
import { hourly, printFigures, showFigures } from '../money.ts';
import { Cite } from '../parts/cite.tsx';
import { citationOf } from '../parts/pay-plot.tsx';
import { HoursSettings } from '../parts/pay-settings.tsx';
import { Loaded, View } from '../parts/view.tsx';
import { loadRoles, type Role } from '../pay.ts';
import { usePreferences } from '../preferences.ts';
import { go, usePlace } from '../router.tsx';
import { useRows } from '../use-rows.ts';

/** Something that at least one of the two roles does or asks for. */
export type Compared = {
  readonly aspect: 'responsibility' | 'requirement' | 'skill';
  readonly item: string;
  readonly in_first: boolean;
  readonly in_second: boolean;
  readonly source_id: number | null;
};

const aspects = [
  { aspect: 'responsibility', title: 'Responsibilities', nothing: 'No responsibilities are written down.' },
  {
    aspect: 'requirement',
    title: 'What it asks for and teaches',
    nothing: 'No requirements are written down.',
  },
  {
    aspect: 'skill',
    title: 'Skills',
    nothing: 'No skills are written down: those of the notebook are what is expected of juniors.',
  },
] as const;

/** What is unique to each of two roles, in two columns, and above it what they share. */
export const Comparison = ({
  items,
  titles,
}: {
  readonly items: readonly Compared[];
  readonly titles: readonly [string, string];
}) => (
  <>
    {aspects.map(({ aspect, title, nothing }) => {
      const all = items.filter((one) => one.aspect === aspect);
      const shared = all.filter((one) => one.in_first && one.in_second);
      const sides = [
        all.filter((one) => one.in_first && !one.in_second),
        all.filter((one) => one.in_second && !one.in_first),
      ];
      const has = [all.some((one) => one.in_first), all.some((one) => one.in_second)];
      return (
        <section key={aspect} class="compared">
          <h2>{title}</h2>
          {shared.length > 0 && (
            <div class="shared">
              <h3>Both</h3>
              <ul class="chips">
                {shared.map(({ item }) => (
                  <li key={item}>{item}</li>
                ))}
              </ul>
            </div>
          )}
          {(sides.some((side) => side.length > 0) || has.includes(false)) && (
            <div class="two">
              {titles.map((role, i) => (
                <div key={role}>
                  <h3>Only {role}</h3>
                  {(sides[i]?.length ?? 0) > 0 ? (
                    <ul class="items">
                      {sides[i]?.map(({ item }) => (
                        <li key={item}>{item}</li>
                      ))}
                    </ul>
                  ) : (
                    <p class="missing">{has[i] ? 'Nothing that the other has not.' : nothing}</p>
                  )}
                </div>
              ))}
            </div>
          )}
        </section>
      );
    })}
    <p class="small">
      What the two have in common is found by the same words. The notebook names no source for these lists.
    </p>
  </>
);

const PayOf = ({ role }: { readonly role: Role }) => {
  const [preferences] = usePreferences();
  if (role.pay.length === 0) return <p class="missing">The notebook has no figure for its pay.</p>;
  return (
    <ul class="items pay-list">
      {role.pay.map((origin) => {
        const shown = showFigures(origin, preferences);
        const cited = citationOf(origin, printFigures(origin));
        return (
          <li key={origin.id}>
            <span>{origin.region.name}</span>
            <Cite cited={cited}>{printFigures(shown)}</Cite>
            <span class="small">
              <Cite cited={cited}>{printFigures(shown, (amount) => hourly(amount, preferences), 2)}</Cite> an
              hour
            </span>
          </li>
        );
      })}
    </ul>
  );
};

type RoleChoiceProps = {
  readonly label: string;
  readonly roles: readonly Role[];
  readonly value: string;
  readonly onRole: (id: string) => void;
};

const RoleChoice = ({ label, roles, value, onRole }: RoleChoiceProps) => {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={({ currentTarget }) => onRole(currentTarget.value)}>
        {roles.map((role) => (
          <option key={role.id} value={role.id}>
            {role.title}
          </option>
        ))}
      </select>
    </div>
  );
};

const ShareLink = () => {
  const [said, setSaid] = useState('');
  const share = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(location.href);
      setSaid('Copied.');
    } catch {
      setSaid(`Copy it from here: ${location.href}`);
    }
  };
  return (
    <p class="share">
      <button type="button" class="button" onClick={share}>
        Copy link
      </button>
      <span role="status">{said}</span>
    </p>
  );
};

type Pair = readonly [first: string, second: string];

/** The two roles that the address names; without, the two of which the notebook knows most. */
const usePair = (): readonly [Pair, (pair: Pair) => void] => {
  const { path, query } = usePlace();
  const pair: Pair = [query.get('a') ?? 'backend-intern', query.get('b') ?? 'junior-developer'];
  return [pair, ([a, b]) => go(`${path}?${new URLSearchParams({ a, b })}`, { replace: true })];
};

const Compared = ({
  roles,
  pair,
  items,
}: {
  roles: readonly Role[];
  pair: Pair;
  items: readonly Compared[];
}) => {
  const [first, second] = pair.map((id) => roles.find((role) => role.id === id));
  if (first === undefined || second === undefined)
    return <p class="notice">The notebook has no such role. Choose another one above.</p>;
  if (first === second) return <p class="notice">Choose two different roles to compare.</p>;
  return (
    <>
      <section class="compared">
        <h2>Pay</h2>
        <div class="two">
          {[first, second].map((role) => (
            <div key={role.id}>
              <h3>{role.title}</h3>
              {role.note !== null && <p class="small">{role.note}</p>}
              <PayOf role={role} />
            </div>
          ))}
        </div>
      </section>
      <Comparison items={items} titles={[first.title, second.title]} />
    </>
  );
};

export const Compare = () => {
  const [pair, setPair] = usePair();
  const [first, second] = pair;
  const loading = useRows(`compare ${pair.join(' ')}`, async (api) => {
    const [roles, items] = await Promise.all([
      loadRoles(api),
      rowsOf<readonly Compared[]>(api.rpc('compare_roles', { first, second }, { get: true })),
    ]);
    return { roles, items, pair };
  });
  return (
    <View
      title="Compare"
      lead="Two roles side by side: what they pay, what there is to do, what they ask for."
      sent={loading.sent}
    >
      <Loaded of={loading}>
        {(data) => (
          <>
            <form class="settings" onSubmit={(event) => event.preventDefault()}>
              <fieldset class="settings-group">
                <legend>Roles</legend>
                <RoleChoice
                  label="First role"
                  roles={data.roles}
                  value={first}
                  onRole={(id) => setPair([id, second])}
                />
                <RoleChoice
                  label="Second role"
                  roles={data.roles}
                  value={second}
                  onRole={(id) => setPair([first, id])}
                />
                <ShareLink key={pair.join()} />
              </fieldset>
              <HoursSettings />
            </form>
            <Compared {...data} />
          </>
        )}
      </Loaded>
    </View>
  );
};
