/** The pieces of work that are measured, as each dialect asks for them. */
export type Workload = {
  readonly name: string;
  readonly describe: string;
  /** Whether the one user of a request is one of 1,000, or nobody. */
  readonly signedIn: boolean;
  /** One URL over and over. */
  readonly hot?: boolean;
  readonly method?: 'POST';
  /** Paths by the number of the request, which picks a row. */
  readonly ours: (id: number) => string;
  readonly byHand: (id: number) => string;
  readonly body?: (id: number, user: number) => string;
  /** Headers of ours beside those that all have. */
  readonly headers?: string;
  /** Requests in flight at most. */
  readonly connections?: number;
};

const R1 = { describe: 'a row by its key', byHand: (id: number) => `/posts/${id}` };
const R2 = {
  describe: '20 posts with their author',
  ours: (id: number) =>
    `/posts?id=gt.${id}&order=id&limit=20&select=id,title,created_at,author:authors(id,name)`,
  byHand: (id: number) => `/posts?after=${id}`,
};
const R3 = {
  describe: '20 posts with their author and five comments each',
  ours: (id: number) =>
    `/posts?id=gt.${id}&order=id&limit=20&select=id,title,created_at,author:authors(id,name),comments(id,body)&comments.order=id&comments.limit=5`,
  byHand: (id: number) => `/posts-with-comments?after=${id}`,
};
const R4 = {
  describe: 'filter, order and exact count',
  ours: (id: number) =>
    `/posts?id=gte.${id}&id=lt.${id + 500}&order=created_at.desc&limit=20&select=id,title,created_at`,
  byHand: (id: number) => `/posts-counted?from=${id}`,
  headers: 'Prefer: count=exact\r\n',
};

const post = (id: number, user: number) => ({
  author_id: 1 + (id % 10_000),
  owner: `00000000-0000-4000-8000-${String(user).padStart(12, '0')}`,
  title: `New post ${id}`,
  body: 'Some words of a new post.',
  published: true,
  created_at: '2026-06-01T00:00:00Z',
});

const one = (path: string) => () => path;

/** Every piece of work, in the order of the table. */
export const workloads: readonly Workload[] = [
  {
    ...R1,
    name: 'R1 signed in',
    signedIn: true,
    ours: (id) => `/posts?id=eq.${id}&select=id,author_id,title,body`,
  },
  {
    ...R1,
    name: 'R1 anonymous',
    signedIn: false,
    ours: (id) => `/posts?id=eq.${id}&select=id,author_id,title,body`,
  },
  { ...R2, name: 'R2 signed in', signedIn: true },
  { ...R3, name: 'R3 signed in', signedIn: true },
  {
    ...R3,
    name: 'R3 hot, anonymous',
    signedIn: false,
    hot: true,
    ours: one(R3.ours(4711)),
    byHand: one(R3.byHand(4711)),
  },
  { ...R4, name: 'R4 signed in', signedIn: true },
  {
    name: 'W1 signed in',
    describe: 'insert one row',
    signedIn: true,
    method: 'POST',
    ours: one('/posts'),
    byHand: one('/posts'),
    body: (id, user) => JSON.stringify(post(id, user)),
  },
  {
    name: 'W2 signed in',
    describe: 'insert 1,000 rows at once',
    signedIn: true,
    method: 'POST',
    connections: 4,
    ours: one('/posts'),
    byHand: one('/posts-many'),
    body: (id, user) => JSON.stringify(Array.from({ length: 1000 }, (_, n) => post(id + n, user))),
  },
];
