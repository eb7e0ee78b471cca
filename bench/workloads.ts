import type { Dialect } from './contender.ts';

/** What a request is made of, beside what all have. */
export type Asking = {
  readonly path: string;
  /** JSON. */
  readonly body?: string;
  readonly headers?: string;
};

/** How a dialect asks for the n-th row (and, where it writes, in the name of which user). */
export type Ask = (id: number, user: number) => Asking;

/** A piece of work. */
export type Workload = {
  readonly name: string;
  readonly describe: string;
  /** Whether the one user of a request is one of 1,000, or nobody. */
  readonly signedIn: boolean;
  /** One URL over and over. */
  readonly hot?: boolean;
  readonly writes?: boolean;
  /** Requests in flight at most. */
  readonly connections?: number;
  /** Different requests; 10,000 unless told otherwise. */
  readonly different?: number;
  /** How it is asked for; a dialect that is not there does not take part. */
  readonly ask: { readonly [dialect in Dialect]?: Ask };
};

const get =
  (path: (id: number) => string, headers?: string): Ask =>
  (id) => ({ path: path(id), ...(headers === undefined ? {} : { headers }) });

const post =
  (path: string, body: (id: number, user: number) => unknown): Ask =>
  (id, user) => ({
    path,
    body: JSON.stringify(body(id, user)),
  });

/** PostGraphile's cursor of a row by its key; the first part stands for the order. */
const cursor = (id: number): string => Buffer.from(`["310607ccd2",${id}]`).toString('base64');

const graphql = (query: string): Ask =>
  post('/graphql', (id) => ({
    query,
    variables: query.includes('$after') ? { after: cursor(id) } : { id },
  }));

const graphqlPage = (more: string): Ask =>
  graphql(
    `query ($after: Cursor) { allPosts(first: 20, after: $after, orderBy: ID_ASC) { nodes { id title createdAt authorByAuthorId { id name } ${more}} } }`,
  );

const row = (id: number): string => `/posts?id=eq.${id}&select=id,author_id,title,body`;
const page = (id: number): string =>
  `/posts?id=gt.${id}&order=id&limit=20&select=id,title,created_at,author:authors(id,name)`;
const pageWithComments = (id: number): string =>
  `${page(id)},comments(id,body)&comments.order=id&comments.limit=5`;
const counted = (id: number): string =>
  `/posts?id=gte.${id}&id=lt.${id + 500}&order=created_at.desc&limit=20&select=id,title,created_at`;
const below =
  (path: (id: number) => string) =>
  (id: number): string =>
    `/rest/v1${path(id)}`;

const R1 = {
  describe: 'a row by its key',
  ask: {
    ashlar: get(row),
    'by hand': get((id) => `/posts/${id}`),
    supabase: get(below(row)),
    graphql: graphql('query ($id: Int!) { postById(id: $id) { id authorId title body } }'),
    platformatic: get((id) => `/posts/${id}?fields=id,authorId,title,body`),
    empty: get(() => '/'),
  },
} as const;
const R2 = {
  describe: '20 posts with their author',
  ask: {
    ashlar: get(page),
    'by hand': get((id) => `/posts?after=${id}`),
    supabase: get(below(page)),
    graphql: graphqlPage(''),
  },
} as const;
const R3 = {
  describe: '20 posts with their author and five comments each',
  ask: {
    ashlar: get(pageWithComments),
    'by hand': get((id) => `/posts-with-comments?after=${id}`),
    supabase: get(below(pageWithComments)),
    graphql: graphqlPage('commentsByPostId(first: 5, orderBy: ID_ASC) { nodes { id body } } '),
  },
} as const;
const R4 = {
  describe: 'filter, order and exact count',
  ask: {
    ashlar: get(counted, 'Prefer: count=exact\r\n'),
    'by hand': get((id) => `/posts-counted?from=${id}`),
    supabase: get(below(counted), 'Prefer: count=exact\r\n'),
  },
} as const;

const newPost = (id: number, user: number) => ({
  author_id: 1 + (id % 10_000),
  owner: `00000000-0000-4000-8000-${String(user).padStart(12, '0')}`,
  title: `New post ${id}`,
  body: 'Some words of a new post.',
  published: true,
  created_at: '2026-06-01T00:00:00Z',
});

const newPosts = (id: number, user: number) => Array.from({ length: 1000 }, (_, n) => newPost(id + n, user));

/** Every piece of work, in the order of the table. */
export const workloads: readonly Workload[] = [
  { ...R1, name: 'R1 signed in', signedIn: true },
  { ...R1, name: 'R1 anonymous', signedIn: false },
  { ...R1, name: 'R1 hot, signed in', signedIn: true, hot: true },
  { ...R2, name: 'R2 signed in', signedIn: true },
  { ...R2, name: 'R2 anonymous', signedIn: false },
  { ...R3, name: 'R3 signed in', signedIn: true },
  { ...R3, name: 'R3 anonymous', signedIn: false },
  { ...R3, name: 'R3 hot, anonymous', signedIn: false, hot: true },
  { ...R4, name: 'R4 signed in', signedIn: true },
  { ...R4, name: 'R4 anonymous', signedIn: false },
  {
    name: 'W1 signed in',
    describe: 'insert one row',
    signedIn: true,
    writes: true,
    ask: { ashlar: post('/posts', newPost), 'by hand': post('/posts', newPost) },
  },
  {
    name: 'W2 signed in',
    describe: 'insert 1,000 rows at once',
    signedIn: true,
    writes: true,
    connections: 4,
    different: 20,
    ask: { ashlar: post('/posts', newPosts), 'by hand': post('/posts-many', newPosts) },
  },
];
