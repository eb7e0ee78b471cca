/**
 * app: the composition root. It wires the rooms into one server, and is the only one that knows the
 * server library.
 */
export { type Api, type ApiOptions, openApi } from './api.ts';
export { keepModel, type ModelKeeper } from './model-keeper.ts';
export { type HttpServer, type ListenOptions, listen } from './server.ts';
