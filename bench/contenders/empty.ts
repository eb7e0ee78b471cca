/** A server that does nothing: what HTTP alone costs here, by node:http or by Fastify. */
import { createServer } from 'node:http';
import Fastify from 'fastify';
import { tellListening } from './task.ts';

const body = '{"id":1,"author_id":1,"title":"A title of a post","body":"Some words of the post."}';

if (process.argv[2] === 'fastify') {
  const app = Fastify();
  app.get('/', (_request, reply) =>
    reply.header('Content-Type', 'application/json; charset=utf-8').send(body),
  );
  await app.listen({ host: '127.0.0.1', port: 0 });
  tellListening(app.server);
} else {
  const bytes = Buffer.from(body);
  const server = createServer((_request, response) => {
    response.writeHead(200, [
      'Content-Type',
      'application/json; charset=utf-8',
      'Content-Length',
      String(bytes.length),
    ]);
    response.end(bytes);
  });
  server.listen(0, '127.0.0.1', () => tellListening(server));
}
