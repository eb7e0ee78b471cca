/**
 * Makes `seed.sql` from the facts, the names and the texts of this folder.
 *
 *   node examples/careers/facts/make-seed.ts
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Facts, Names } from './shapes.ts';

const read = (file: string): string => readFileSync(join(import.meta.dirname, file), 'utf8');

type Value = string | number | boolean | null | undefined;
type Row = readonly Value[];

const literal = (value: Value): string => {
  if (value === undefined || value === null) return 'null';
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
};

/** An INSERT of several rows, a line each. */
const insert = (table: string, columns: readonly string[], rows: readonly Row[]): string =>
  [
    `insert into public.${table} (${columns.join(', ')}) values`,
    `${rows.map((row) => `  (${row.map(literal).join(', ')})`).join(',\n')};\n`,
  ].join('\n');

/** `C# / .NET` → `c-sharp-dot-net` */
const slug = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll('++', ' plus plus')
    .replaceAll('#', ' sharp')
    .replace(/(^|\s)\./g, '$1dot ')
    .replace(/\(.*\)/, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

const numbered = <T>(items: readonly T[]): readonly (readonly [item: T, position: number])[] =>
  items.map((item, i) => [item, i + 1]);

/** The key that a part of the facts is known by; throws where the facts name something unknown. */
const keyOf = (keys: ReadonlyMap<string, string>, name: string): string => {
  const key = keys.get(name);
  if (key === undefined) throw new Error(`The facts name ${name}, which names.json does not have.`);
  return key;
};

/** Names that count only as they are written end with an exclamation mark. */
const exactly = (name: string): readonly [name: string, exact: boolean] =>
  name.endsWith('!') ? [name.slice(0, -1), true] : [name, false];

const printSources = ({ sources }: Facts): string =>
  insert(
    'sources',
    ['id', 'title', 'publisher', 'kind'],
    sources.map(({ id, title, publisher, kind }) => [id, title, publisher, kind]),
  );

const printPlaces = ({ currencies, regions }: Names): readonly string[] => [
  insert('currencies', ['code', 'name'], Object.entries(currencies)),
  insert(
    'regions',
    ['id', 'name', 'kind'],
    Object.entries(regions).map(([id, { name, kind }]) => [id, name, kind]),
  ),
  insert(
    'region_parts',
    ['whole_id', 'part_id'],
    Object.entries(regions).flatMap(([id, { within, parts = [] }]) => [
      ...(within === undefined ? [] : [[within, id]]),
      ...parts.map((part) => [id, part]),
    ]),
  ),
];

const printPay = ({ roles, salaries }: Facts, names: Names): readonly string[] => {
  const regionIds = new Map(Object.entries(names.regions).map(([id, { name }]) => [name, id]));
  return [
    insert(
      'roles',
      ['id', 'title', 'entry_level', 'note'],
      roles.map(({ id, title, entryLevel, note }) => [id, title, entryLevel, note]),
    ),
    insert(
      'salary_observations',
      ['role_id', 'region_id', 'currency_code', 'low', 'typical', 'high', 'as_of', 'source_id', 'note'],
      salaries.map(({ role, region, currency, low, typical, high, asOf, source, note }) => [
        role,
        keyOf(regionIds, region),
        currency,
        low,
        typical,
        high,
        asOf === undefined ? null : `${asOf}-01`,
        source,
        note,
      ]),
    ),
  ];
};

const printOutlook = ({ outlook }: Facts, { occupations }: Names): readonly string[] => [
  insert(
    'occupations',
    ['id', 'name'],
    outlook.map(({ occupation }) => [slug(occupation), occupation]),
  ),
  insert(
    'outlooks',
    ['occupation_id', 'from_year', 'to_year', 'growth_percent', 'source_id'],
    outlook.map((one) => [slug(one.occupation), one.from, one.to, one.growthPercent, one.source]),
  ),
  insert(
    'role_occupations',
    ['role_id', 'occupation_id'],
    Object.entries(occupations).flatMap(([occupation, roles]) =>
      roles.map((role) => [role, slug(occupation)]),
    ),
  ),
];

/** A list of each role, whose items several roles may share. */
const printLists = (items: string, column: string, lists: Facts['responsibilities']): readonly string[] => {
  const all = [...new Set(Object.values(lists).flat())];
  const rows = Object.entries(lists).flatMap(([role, list]) =>
    numbered(list).map(([name, position]) => `  (${[role, name].map(literal).join(', ')}, ${position})`),
  );
  return [
    insert(
      items,
      ['name'],
      all.map((name) => [name]),
    ),
    [
      `insert into public.role_${items} (role_id, ${column}, position)`,
      `select role_id, ${items}.id, listed.position from (values`,
      rows.join(',\n'),
      `) as listed (role_id, name, position) join public.${items} using (name);\n`,
    ].join('\n'),
  ];
};

type Skill = {
  readonly name: string;
  readonly category: string;
  readonly buildsOn?: string;
  readonly demand?: { readonly percent?: number | undefined; readonly over?: boolean | undefined };
};

const listSkills = (facts: Facts): readonly Skill[] => {
  const { languages, databases, frameworks, tools } = facts.expectedOfJuniors;
  return [
    ...languages.map(({ name, recruitersSeekingPercent: percent, over }) => ({
      name,
      category: 'language',
      demand: { percent, over },
    })),
    ...databases.map((name) => ({ name, category: 'database', demand: {} })),
    ...Object.entries(frameworks).flatMap(([buildsOn, names]) =>
      names.map((name) => ({ name, category: 'framework', buildsOn, demand: {} })),
    ),
    ...tools.map((name) => ({ name, category: 'tool', demand: {} })),
    ...facts.securityTopics.map((name) => ({ name, category: 'security' })),
    ...facts.certifications.map((name) => ({ name, category: 'certification' })),
  ];
};

const printSkills = (skills: readonly Skill[], { skillCategories }: Names): readonly string[] => [
  insert(
    'skill_categories',
    ['id', 'name', 'position'],
    numbered(Object.entries(skillCategories)).map(([[id, name], position]) => [id, name, position]),
  ),
  insert(
    'skills',
    ['id', 'name', 'category_id', 'position', 'builds_on_id'],
    Object.keys(skillCategories).flatMap((category) =>
      numbered(skills.filter((skill) => skill.category === category)).map(([skill, position]) => [
        slug(skill.name),
        skill.name,
        category,
        position,
        skill.buildsOn === undefined ? null : slug(skill.buildsOn),
      ]),
    ),
  ),
  insert(
    'skill_demands',
    ['skill_id', 'recruiters_percent', 'is_more_than'],
    skills.flatMap(({ name, demand }) =>
      demand === undefined ? [] : [[slug(name), demand.percent, demand.over ?? false]],
    ),
  ),
];

const printPaths = (facts: Facts, names: Names, skills: readonly Skill[]): readonly string[] => {
  const paths = numbered(Object.entries(names.paths)).map(([[part, { id, title }], position]) => ({
    id,
    title,
    position,
    steps: numbered(facts[part as keyof Names['paths']]),
  }));
  return [
    insert(
      'learning_paths',
      ['id', 'title', 'position'],
      paths.map(({ id, title, position }) => [id, title, position]),
    ),
    insert(
      'learning_steps',
      ['path_id', 'position', 'title'],
      paths.flatMap(({ id, steps }) => steps.map(([title, position]) => [id, position, title])),
    ),
    insert(
      'learning_step_skills',
      ['path_id', 'step_position', 'skill_id'],
      paths.flatMap(({ id, steps }) =>
        steps.flatMap(([title, position]) => {
          const { categories = [], skills: named = [] } = names.stepSkills[title] ?? {};
          return skills
            .filter(({ name, category }) => categories.includes(category) || named.includes(name))
            .map(({ name }) => [id, position, slug(name)]);
        }),
      ),
    ),
    insert(
      'open_questions',
      ['question', 'position'],
      numbered(facts.openQuestions).map(([question, position]) => [question, position]),
    ),
  ];
};

const printNames = (names: Names): readonly string[] => [
  insert(
    'role_names',
    ['name', 'role_id'],
    Object.entries(names.roles).flatMap(([id, list]) => list.map((name) => [name, id])),
  ),
  insert(
    'region_names',
    ['name', 'region_id', 'exact'],
    Object.entries(names.regions).flatMap(([id, { names: list }]) =>
      list.map(exactly).map(([name, exact]) => [name, id, exact]),
    ),
  ),
  insert(
    'skill_names',
    ['name', 'skill_id', 'exact'],
    Object.entries(names.skills).flatMap(([skill, list]) =>
      list.map(exactly).map(([name, exact]) => [name, slug(skill), exact]),
    ),
  ),
  insert(
    'subjects',
    ['id', 'name', 'position'],
    numbered(Object.entries(names.subjects)).map(([[id, { name }], position]) => [id, name, position]),
  ),
  insert(
    'subject_names',
    ['name', 'subject_id'],
    Object.entries(names.subjects).flatMap(([id, { names: list }]) => list.map((name) => [name, id])),
  ),
];

/** A text is a headline, maybe its source, and paragraphs. */
const readTexts = (markdown: string) =>
  markdown
    .split(/^# /m)
    .slice(1)
    .map((text) => {
      const [head = '', ...paragraphs] = text.trim().split('\n\n');
      const [title = '', source] = head.split('\nsource: ');
      return { title, source: source === undefined ? null : Number(source), paragraphs };
    });

const printTexts = (markdown: string): readonly string[] => {
  const texts = readTexts(markdown);
  return [
    insert(
      'documents',
      ['id', 'title', 'source_id'],
      texts.map(({ title, source }) => [slug(title), title, source]),
    ),
    insert(
      'passages',
      ['document_id', 'position', 'body'],
      texts.flatMap(({ title, paragraphs }) =>
        numbered(paragraphs).map(([body, position]) => [slug(title), position, body]),
      ),
    ),
  ];
};

/** The whole of `seed.sql`. */
export const makeSeed = (): string => {
  const facts = JSON.parse(read('facts.json')) as Facts;
  const names = JSON.parse(read('names.json')) as Names;
  const skills = listSkills(facts);
  return [
    '-- Made by facts/make-seed.ts from what is in facts/. Change those, and make it anew.\n',
    printSources(facts),
    ...printPlaces(names),
    ...printPay(facts, names),
    ...printOutlook(facts, names),
    ...printLists('responsibilities', 'responsibility_id', facts.responsibilities),
    ...printLists('requirements', 'requirement_id', facts.skillsUnique),
    ...printSkills(skills, names),
    ...printPaths(facts, names, skills),
    ...printNames(names),
    ...printTexts(read('texts.md')),
  ].join('\n');
};

if (import.meta.main) writeFileSync(join(import.meta.dirname, '../seed.sql'), makeSeed());
