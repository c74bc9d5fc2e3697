import { type WorkflowClient, type WorkflowHandle, WorkflowNotFoundError } from '@temporalio/client';
import { isEncrypted, type Payload, type PayloadCodec } from './payloadCodec';

export type RunHistory = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

/**
 * Reads the history of a run and decrypts its payloads. (The client itself does not decrypt the payloads of a history.)
 *
 * @param runId by default, the latest run of the workflow id
 * @throws PayloadKeyError if no configured key decrypts a payload
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

/** How the run ended, according to its last event. Undefined while the run is open. */
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

/** The gRPC status NOT_FOUND. Only some calls of the client turn this status into a WorkflowNotFoundError. */
const notFoundCode = 5;

/** Whether the error says that Temporal does not know the run: the run is past its retention, or was never started. */
export function isUnknownRun(error: unknown): boolean {
  if (error instanceof WorkflowNotFoundError) return true;
  return error instanceof Error && 'code' in error && error.code === notFoundCode;
}

/** Decrypts the payloads in a value in place, at any depth. */
async function decryptPayloads(value: object, codec: PayloadCodec): Promise<void> {
  for (const [key, member] of Object.entries(value)) {
    if (!isObject(member)) continue;
    if (isPayload(member) && isEncrypted(member)) Reflect.set(value, key, (await codec.decode([member]))[0]);
    else await decryptPayloads(member, codec);
  }
  restoreMessage(value);
}

/** An encrypted failure has the message `Encoded failure`. The real message is in its encoded attributes. */
function restoreMessage(value: { encodedAttributes?: unknown; message?: unknown }): void {
  const { encodedAttributes } = value;
  if (!isObject(encodedAttributes) || !isPayload(encodedAttributes)) return;
  const attributes: unknown = JSON.parse(Buffer.from(encodedAttributes.data ?? []).toString());
  if (isObject(attributes) && 'message' in attributes) value.message = attributes.message;
}

function isPayload(value: object): value is Payload {
  return 'metadata' in value && isObject(value.metadata) && 'data' in value && value.data instanceof Uint8Array;
}

/** False for a byte array, because its bytes contain no payloads to decrypt. */
function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
}
