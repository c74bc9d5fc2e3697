import { type WorkflowClient, type WorkflowHandle, WorkflowNotFoundError } from '@temporalio/client';
import { isEncrypted, type Payload, type PayloadCodec } from './payloadCodec';

export type RunHistory = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

/**
 * The history of a run with its payloads decrypted, which the client leaves encrypted.
 *
 * @param runId the latest run of the id by default
 * @throws PayloadKeyError when no configured key decrypts a payload
 */
export async function readHistory(
  workflows: Pick<WorkflowClient, 'getHandle' | 'options'>,
  workflowId: string,
  runId?: string,
): Promise<RunHistory> {
  const history = await workflows.getHandle(workflowId, runId).fetchHistory();
  const [codec] = workflows.options.loadedDataConverter.payloadCodecs;
  if (codec !== undefined) await decryptPayloads(history, codec);
  return history;
}

/** How the run ended, read from its last event; undefined while it is open. */
export function outcomeOf({ events }: RunHistory): 'completed' | 'failed' | undefined {
  const last = events?.at(-1);
  if (last?.workflowExecutionCompletedEventAttributes) return 'completed';
  const failures = [
    last?.workflowExecutionFailedEventAttributes,
    last?.workflowExecutionTimedOutEventAttributes,
    last?.workflowExecutionTerminatedEventAttributes,
    last?.workflowExecutionCanceledEventAttributes,
  ];
  return failures.some(Boolean) ? 'failed' : undefined;
}

/** gRPC status NOT_FOUND. The client turns it into a WorkflowNotFoundError for some calls only. */
const notFoundCode = 5;

/** Whether Temporal knows no such run: it is past its retention, or was never started. */
export function isUnknownRun(error: unknown): boolean {
  if (error instanceof WorkflowNotFoundError) return true;
  return error instanceof Error && 'code' in error && error.code === notFoundCode;
}

/** Decrypts in place, at any depth. */
async function decryptPayloads(value: object, codec: PayloadCodec): Promise<void> {
  for (const [key, member] of Object.entries(value)) {
    if (!isObject(member)) continue;
    if (isPayload(member) && isEncrypted(member)) Reflect.set(value, key, (await codec.decode([member]))[0]);
    else await decryptPayloads(member, codec);
  }
  restoreMessage(value);
}

/** The message of an encrypted failure is `Encoded failure`, and its attributes hold the real one. */
function restoreMessage(value: { encodedAttributes?: unknown; message?: unknown }): void {
  const { encodedAttributes } = value;
  if (!isObject(encodedAttributes) || !isPayload(encodedAttributes)) return;
  const attributes: unknown = JSON.parse(Buffer.from(encodedAttributes.data ?? []).toString());
  if (isObject(attributes) && 'message' in attributes) value.message = attributes.message;
}

function isPayload(value: object): value is Payload {
  return 'metadata' in value && isObject(value.metadata) && 'data' in value && value.data instanceof Uint8Array;
}

/** Bytes count as one value. */
function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
}
