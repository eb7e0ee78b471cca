import type { Json } from '../../base/index.ts';
import { type Contract, usableResources, usableRoutines } from '../../contract/index.ts';
import { compareRoutines, isCallable, type Relation, type Routine } from '../../model/index.ts';
import { findAddress, type Listening } from './address.ts';
import { members, someMembers, splitComment } from './members.ts';
import { resourceDefinition, resourceParameters, resourcePath } from './resource.ts';
import { OBJECT_TYPES, routinePath } from './routine.ts';
import { SHARED_PARAMETERS } from './shared-parameters.ts';
import { visibleType } from './type.ts';

export type Api20Options = {
  /** Whether only what the role may use is described, or all that is served (`openapi-mode`). */
  readonly mode: 'follow-privileges' | 'ignore-privileges';
  /** Whether it says that a token can be sent (`openapi-security-active`). */
  readonly securityActive: boolean;
  /** Where a proxy makes the API reachable (`openapi-server-proxy-uri`). */
  readonly proxyUri: string | undefined;
  readonly listening: Listening;
  /** What the API is called where the schema has no comment, and of which version it is. */
  readonly about: {
    readonly title: string;
    readonly description: string;
    readonly version: string;
    /** Where its language is told. */
    readonly documentation: { readonly description: string; readonly url: string };
  };
};

const ROOT: Json = {
  get: {
    tags: ['Introspection'],
    summary: 'OpenAPI description (this document)',
    produces: ['application/openapi+json', 'application/json'],
    responses: { 200: { description: 'OK' } },
  },
};

const SECURITY: Json = {
  JWT: {
    type: 'apiKey',
    name: 'Authorization',
    in: 'header',
    description: 'Add the token prepending "Bearer " (without quotes) to it',
  },
};

const MEDIA_TYPES = [...OBJECT_TYPES, 'text/csv'];

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const describedResources = (contract: Contract, schema: string, mode: Api20Options['mode']) => {
  const resources: readonly Relation[] =
    mode === 'follow-privileges'
      ? usableResources(contract, schema)
      : contract.index.model.relations.filter(
          (relation) => relation.schema === schema && !relation.isPartition,
        );
  return resources.toSorted((a, b) => compareText(a.name, b.name));
};

/** One of each name: of overloads the last, which takes the most. */
const describedRoutines = (contract: Contract, schema: string, mode: Api20Options['mode']) => {
  const routines: readonly Routine[] =
    mode === 'follow-privileges'
      ? usableRoutines(contract, schema)
      : contract.index.model.routines.filter((routine) => routine.schema === schema);
  const callable = routines.filter(isCallable).toSorted(compareRoutines);
  return [...new Map(callable.map((routine) => [routine.name, routine])).values()];
};

/**
 * Describes the API of a schema, as the contract's role sees it.
 *
 * @param schema one of those that are served
 * @returns an OpenAPI document of version 2.0 (https://spec.openapis.org/oas/v2.0), in which names have a
 *   fixed order
 * @example JSON.stringify(describeApi20(contract, 'public', options))
 */
export const describeApi20 = (contract: Contract, schema: string, options: Api20Options): Json => {
  const { mode, about } = options;
  const { index, audience } = contract;
  const resources = describedResources(contract, schema, mode);
  const routines = describedRoutines(contract, schema, mode);
  // With the caller's rights, the functions are looked up as the caller's SQL would name them.
  const path = mode === 'follow-privileges' ? [schema, ...audience.extraSearchPath] : [];
  const print = (type: string): string => visibleType(index, type, path);
  const { scheme, host, path: basePath } = findAddress(options.proxyUri, options.listening);
  const comment = index.model.schemas.find(({ name }) => name === schema)?.comment ?? null;
  const { summary: title = about.title, description = about.description } = splitComment(comment);

  return members({
    swagger: '2.0',
    info: { title, description, version: about.version },
    host,
    basePath,
    schemes: [scheme],
    consumes: MEDIA_TYPES,
    produces: MEDIA_TYPES,
    paths: {
      '/': ROOT,
      ...Object.fromEntries(resources.map((one) => [`/${one.name}`, resourcePath(one)])),
      ...Object.fromEntries(routines.map((one) => [`/rpc/${one.name}`, routinePath(one, print)])),
    },
    definitions: someMembers(resources.map((one) => [one.name, resourceDefinition(contract, one)])),
    parameters: { ...SHARED_PARAMETERS, ...Object.fromEntries(resources.flatMap(resourceParameters)) },
    securityDefinitions: options.securityActive ? SECURITY : undefined,
    security: options.securityActive ? [{ JWT: [] }] : undefined,
    externalDocs: about.documentation,
  });
};
