import { type WorkflowClient, type WorkflowHandle, WorkflowNotFoundError } from '@temporalio/client';
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

/** How the run has ended, of which its last event tells; undefined while it is open. */
export function endingOf({ events }: RunHistory): 'completed' | 'failed' | undefined {
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

/** gRPC status NOT_FOUND, which the client gives a class of its own to for some calls and not for others. */
const notFoundCode = 5;

/** Whether a call failed because Temporal knows no such run: it has forgotten it, or it never was. */
export function isUnknownRun(error: unknown): boolean {
  if (error instanceof WorkflowNotFoundError) return true;
  return error instanceof Error && 'code' in error && error.code === notFoundCode;
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
