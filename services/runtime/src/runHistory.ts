import type { WorkflowClient, WorkflowHandle } from '@temporalio/client';
import { isSealed, type Payload, type PayloadCodec } from './payloadCodec';

export type RunHistory = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

/**
 * The history of a run as its own worker reads it: the client leaves payloads in it encrypted.
 *
 * @param runId the latest run of the id unless given
 * @throws PayloadKeyError when no key here opens one of them
 */
export async function readHistory(
  workflows: Pick<WorkflowClient, 'getHandle' | 'options'>,
  workflowId: string,
  runId?: string,
): Promise<RunHistory> {
  const history = await workflows.getHandle(workflowId, runId).fetchHistory();
  const [codec] = workflows.options.loadedDataConverter.payloadCodecs;
  if (codec !== undefined) await openWithin(history, codec);
  return history;
}

/** In place, wherever in the history they stand. */
async function openWithin(value: object, codec: PayloadCodec): Promise<void> {
  for (const [key, member] of Object.entries(value)) {
    if (!isObject(member)) continue;
    if (isPayload(member) && isSealed(member)) Reflect.set(value, key, (await codec.decode([member]))[0]);
    else await openWithin(member, codec);
  }
  tellFailure(value);
}

/** A failure says `Encoded failure` beside a payload that has what there is to say. */
function tellFailure(value: { encodedAttributes?: unknown; message?: unknown }): void {
  const { encodedAttributes } = value;
  if (!isObject(encodedAttributes) || !isPayload(encodedAttributes)) return;
  const told: unknown = JSON.parse(Buffer.from(encodedAttributes.data ?? []).toString());
  if (isObject(told) && 'message' in told) value.message = told.message;
}

function isPayload(value: object): value is Payload {
  return 'metadata' in value && isObject(value.metadata) && 'data' in value && value.data instanceof Uint8Array;
}

/** Bytes are one value, however many entries they have. */
function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
}
