// The bench's policies of posts, as Platformatic DB has them: everyone sees what is published, and owners their own.

/** @param {{ platformatic: { addRulesForRoles: (rules: readonly unknown[]) => void } }} app */
export default async (app) => {
  app.platformatic.addRulesForRoles([
    {
      role: 'anon',
      entity: 'post',
      /** @param {{ where: object }} asked */
      find: ({ where }) => ({ ...where, published: { eq: true } }),
    },
    {
      role: 'authenticated',
      entity: 'post',
      /** @param {{ where: object, ctx: { reply: { request: { user: { sub: string } } } } }} asked */
      find: ({ where, ctx }) => ({
        ...where,
        or: [{ published: { eq: true } }, { owner: { eq: ctx.reply.request.user.sub } }],
      }),
    },
  ]);
};
