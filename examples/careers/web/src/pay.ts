import { type Api, rowsOf, type Source } from './api.ts';
import type { Figures } from './money.ts';

/** What one source says that a role pays in a region. */
export type Observation = Figures & {
  readonly id: number;
  readonly role: { readonly id: string; readonly title: string };
  readonly region: { readonly id: string; readonly name: string };
  /** The first day of the month that it holds for. */
  readonly asOf: string | null;
  readonly note: string | null;
  readonly source: Source | null;
};

export type Outlook = {
  readonly occupation: string;
  readonly from: number;
  readonly to: number;
  readonly growthPercent: number;
  readonly source: Source | null;
};

export type Role = {
  readonly id: string;
  readonly title: string;
  readonly entryLevel: boolean;
  readonly note: string | null;
  readonly pay: readonly Observation[];
  readonly outlook: Outlook | undefined;
};

type RoleRow = {
  readonly id: string;
  readonly title: string;
  readonly entry_level: boolean;
  readonly note: string | null;
  readonly salary_observations: readonly {
    readonly id: number;
    readonly low: number | null;
    readonly typical: number | null;
    readonly high: number | null;
    readonly as_of: string | null;
    readonly note: string | null;
    readonly currency_code: string;
    readonly regions: { readonly id: string; readonly name: string };
    readonly sources: Source | null;
  }[];
  readonly role_occupations: {
    readonly occupations: {
      readonly name: string;
      readonly outlooks: readonly {
        readonly from_year: number;
        readonly to_year: number;
        readonly growth_percent: number;
        readonly sources: Source | null;
      }[];
    };
  } | null;
};

const readOutlook = ({ role_occupations }: RoleRow): Outlook | undefined => {
  const outlook = role_occupations?.occupations.outlooks[0];
  if (role_occupations === null || outlook === undefined) return undefined;
  return {
    occupation: role_occupations.occupations.name,
    from: outlook.from_year,
    to: outlook.to_year,
    growthPercent: outlook.growth_percent,
    source: outlook.sources,
  };
};

const readRole = (row: RoleRow): Role => ({
  id: row.id,
  title: row.title,
  entryLevel: row.entry_level,
  note: row.note,
  pay: row.salary_observations.map(({ currency_code, as_of, regions, sources, ...figures }) => ({
    ...figures,
    currency: currency_code,
    asOf: as_of,
    role: { id: row.id, title: row.title },
    region: regions,
    source: sources,
  })),
  outlook: readOutlook(row),
});

/** All roles with their pay and outlook, in one request. */
export const loadRoles = async (api: Api, ids?: readonly string[]): Promise<readonly Role[]> => {
  const asking = api
    .from('roles')
    .select(
      `id, title, entry_level, note,
       salary_observations(id, low, typical, high, as_of, note, currency_code, regions(id, name), sources(*)),
       role_occupations(occupations(name, outlooks(from_year, to_year, growth_percent, sources(*))))`,
    )
    .order('title')
    .order('id', { referencedTable: 'salary_observations' });
  return (await rowsOf<readonly RoleRow[]>(ids === undefined ? asking : asking.in('id', ids))).map(readRole);
};

/** `January 2025` */
export const printMonth = (day: string): string =>
  new Intl.DateTimeFormat('en-US', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(day));

/** Observations of one role in one region: if there are several, their sources disagree. */
export const countSame = (all: readonly Observation[], one: Observation): number =>
  all.filter(({ role, region }) => role.id === one.role.id && region.id === one.region.id).length;
