import type { AppType } from '@widget-store/api';
import type { AdjustmentReason } from '@widget-store/contract';
import type { hc } from 'hono/client';
import { cursorOf } from '../linkHeader.js';
import { startOfDay } from './days.js';
import { type CsvFile, readCsvFile } from './saveFile.js';

const fileTimeoutMs = 10 * 60_000;

export interface ProductFields {
  product: string;
  description: string;
  price_minor: number;
  image_url: string | null;
  on_sale: boolean;
}

export interface StockAdjustment {
  change: number;
  reason: AdjustmentReason;
  note?: string;
}

/** The api calls of the pages about products. `createOpsApi` includes them. */
export function createProductApi(client: ReturnType<typeof hc<AppType>>) {
  return {
    /** @param cursor null for the first page */
    products: async (cursor: string | null) => {
      const answer = await client.ops.products.$get({ query: { limit: '50', ...(cursor === null ? {} : { cursor }) } });
      return { products: await answer.json(), nextCursor: cursorOf(answer.headers.get('link'), 'next') };
    },
    /** Reads a product and its version, which `changeProduct` needs. */
    product: async (productId: number) => {
      const answer = await client.products[':product_id'].$get(productParam(productId));
      return { product: await answer.json(), version: answer.headers.get('etag') ?? '' };
    },
    /** Idempotent: repeating a request with the same key creates no second product. */
    createProduct: async ({ fields, currency, key }: { fields: ProductFields; currency: string; key: string }) => {
      const header = { 'idempotency-key': key };
      return (await client.products.$post({ header }, withBody({ ...fields, currency }))).json();
    },
    /** @returns the new version */
    changeProduct: async ({
      productId,
      version,
      fields,
    }: {
      productId: number;
      version: string;
      fields: ProductFields;
    }) => {
      const header = { 'if-match': version };
      const param = { ...productParam(productId), header };
      const answer = await client.products[':product_id'].$patch(param, withBody(fields));
      return answer.headers.get('etag') ?? '';
    },
    /** Idempotent: repeating a request with the same key does not change the stock again. */
    adjustStock: async ({
      productId,
      adjustment,
      key,
    }: {
      productId: number;
      adjustment: StockAdjustment;
      key: string;
    }) => {
      const header = { 'idempotency-key': key };
      await client.products[':product_id'].stock.$post({ ...productParam(productId), header }, withBody(adjustment));
    },
    stockLevel: async (productId: number) =>
      (await client.products[':product_id'].inventory.$get(productParam(productId))).json(),
    /** @param cursor null for the first page */
    stockBook: async (productId: number, cursor: string | null) => {
      const query = { limit: '20', ...(cursor === null ? {} : { cursor }) };
      const answer = await client.products[':product_id'].stock.$get({ ...productParam(productId), query });
      return { movements: await answer.json(), nextCursor: cursorOf(answer.headers.get('link'), 'next') };
    },
    /** @returns a CSV file with all changes of the stock */
    stockFile: async (productId: number): Promise<CsvFile> =>
      readCsvFile(
        await client.products[':product_id']['stock.csv'].$get(productParam(productId), { init: wholeFile() }),
      ),
    /**
     * @param period the first and the last day, such as `2026-01-31`, in the time zone of the browser; empty for no limit
     * @returns a CSV file with the changes of the stock of all products
     */
    allStockFile: async ({ from, to }: { from: string; to: string }): Promise<CsvFile> => {
      const query = {
        ...(from === '' ? {} : { from: startOfDay(from) }),
        ...(to === '' ? {} : { to: startOfDay(to, 1) }),
      };
      return readCsvFile(await client.ops['stock.csv'].$get({ query }, { init: wholeFile() }));
    },
  };
}

function productParam(productId: number) {
  return { param: { product_id: String(productId) } };
}

/** The options of a download. The timeout is long, because a long file takes longer than the answer to other calls. */
export function wholeFile() {
  return { signal: AbortSignal.timeout(fileTimeoutMs) };
}

export function withBody(body: object, init: RequestInit = {}) {
  return { headers: { 'content-type': 'application/json' }, init: { ...init, body: JSON.stringify(body) } };
}
