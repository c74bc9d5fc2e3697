import { Ajv2020 } from 'ajv/dist/2020';
import type { Answer } from './shopper';

/** The parts of an OpenAPI document that the tests read. `validateOpenapi.mjs` checks the whole document. */
export interface Operation {
  operationId: string;
  security?: Record<string, string[]>[];
  parameters?: { name: string; in: string; schema: { example?: string | number } }[];
  requestBody?: { required?: boolean; content: Record<string, { example?: unknown }> };
  responses: Record<string, { content?: Record<string, object>; headers?: Record<string, object> }>;
}

export interface OpenApiDocument {
  openapi: string;
  info: { version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { properties?: object; additionalProperties?: unknown }> };
}

interface Call {
  method: string;
  path: string;
}

/** The OpenAPI document of a store, and a function that checks responses against it. */
export interface Contract {
  document: OpenApiDocument;
  /** @throws Error if the document does not describe this response to this request */
  check(call: Call, answer: Answer): void;
}

const contracts = new Map<string, Contract>();

/**
 * Reads the OpenAPI document of a running store. Every `Shopper` of that store checks its responses against this
 * document.
 */
export async function loadContract(apiUrl: string): Promise<Contract> {
  const document = (await (await fetch(`${apiUrl}/openapi.json`)).json()) as OpenApiDocument;
  const contract = contractOf(document);
  contracts.set(apiUrl, contract);
  return contract;
}

export function contractAt(apiUrl: string): Contract {
  const contract = contracts.get(apiUrl);
  if (contract === undefined) throw new Error(`the contract of ${apiUrl} was not loaded: use startTestStore`);
  return contract;
}

export function contractOf(document: OpenApiDocument): Contract {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema({ $id: 'store', ...closed(document) });
  const templates = Object.keys(document.paths).map((template) => ({
    template,
    pattern: new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  }));

  function validate(pointer: string, value: unknown, where: string): void {
    const schema = ajv.getSchema(`store#${pointer}`);
    if (schema === undefined) throw new Error(`${where}: there is no schema at ${pointer}`);
    if (schema(value) !== true) {
      throw new Error(
        `${where} does not match the document: ${ajv.errorsText(schema.errors)}\n${JSON.stringify(value)}`,
      );
    }
  }

  return {
    document,
    check: ({ method, path }, { status, contentType, headers, text }) => {
      const { pathname } = new URL(path, 'http://store');
      const template = templates.find(({ pattern }) => pattern.test(pathname))?.template ?? '';
      const verb = method === 'HEAD' ? 'get' : method.toLowerCase();
      const mediaType = contentType.split(';', 1)[0] ?? '';
      const where = `${method} ${template || pathname}: ${status} ${mediaType}`;
      if ((status === 429 || status === 503) && !headers.has('Retry-After'))
        throw new Error(`${where}: no Retry-After`);
      const operation = document.paths[template]?.[verb];
      if (operation === undefined) {
        if (status >= 400 && mediaType !== 'text/html')
          validate('/components/schemas/Problem', JSON.parse(text), where);
        return;
      }
      const response = operation.responses[status];
      if (response?.content?.[mediaType] === undefined) throw new Error(`${where} is not documented`);
      if (method === 'HEAD') return;
      const pointer = ['', 'paths', template, verb, 'responses', String(status), 'content', mediaType, 'schema'];
      validate(pointer.map(escaped).join('/'), mediaType.startsWith('text/') ? text : JSON.parse(text), where);
    },
  };
}

/** Escapes one token of a JSON pointer in the fragment of a URI (RFC 6901, section 6). */
function escaped(token: string): string {
  return encodeURIComponent(token.replaceAll('~', '~0').replaceAll('/', '~1'));
}

/**
 * Forbids fields that the document does not describe. Clients must accept such fields, but the tests must find them.
 */
function closed(document: OpenApiDocument): OpenApiDocument {
  const schemas = Object.entries(document.components.schemas).map(([name, schema]) => {
    const open = schema.properties !== undefined && schema.additionalProperties === undefined;
    return [name, open ? { ...schema, unevaluatedProperties: false } : schema];
  });
  return { ...document, components: { ...document.components, schemas: Object.fromEntries(schemas) } };
}
