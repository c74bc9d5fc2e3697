import { type sendUnaryData, Server, ServerCredentials, type ServerUnaryCall } from '@grpc/grpc-js';
import { openTemporalClient, type TemporalClient } from './client';

type Call = ServerUnaryCall<Buffer, Buffer>;

const service = '/temporal.api.workflowservice.v1.WorkflowService';
const deadlineExceeded = 4;

let server: Server;
let client: TemporalClient;
/** Resolves when the client cancels the call that the server does not answer. The value is this call. */
let cancelled: Promise<Call>;

function method(name: string) {
  const unchanged = (bytes: Buffer) => bytes;
  return {
    path: `${service}/${name}`,
    requestStream: false,
    responseStream: false,
    requestSerialize: unchanged,
    requestDeserialize: unchanged,
    responseSerialize: unchanged,
    responseDeserialize: unchanged,
  };
}

beforeEach(async () => {
  server = new Server();
  let cancelledCall: (call: Call) => void = () => {};
  cancelled = new Promise((resolve) => (cancelledCall = resolve));
  server.addService(
    { getSystemInfo: method('GetSystemInfo'), countWorkflowExecutions: method('CountWorkflowExecutions') },
    {
      getSystemInfo: (_call: Call, answer: sendUnaryData<Buffer>) => answer(null, Buffer.alloc(0)),
      countWorkflowExecutions: (call: Call) => void call.on('cancelled', () => cancelledCall(call)),
    },
  );
  const port = await new Promise<number>((resolve, reject) => {
    const bound = (error: Error | null, number: number) => (error ? reject(error) : resolve(number));
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), bound);
  });
  const connectionOptions = { address: `127.0.0.1:${port}` };
  client = openTemporalClient({ connectionOptions, namespace: 'default', payloadKeys: undefined });
});

afterEach(async () => {
  await client.close();
  server.forceShutdown();
});

test('a late call fails at its deadline, before the deadline that the server knows', async () => {
  const isConnected = () =>
    client.ping().then(
      () => true,
      () => false,
    );
  // On a busy machine, the first calls may be late themselves.
  while (!(await isConnected()));
  const deadlineMs = Date.now() + 1000;

  const late = client.workflows.withDeadline(deadlineMs, () => client.workflows.count());

  await expect(late).rejects.toMatchObject({ cause: { code: deadlineExceeded } });
  const call = await cancelled;
  // The margin is the time until the client sends the call.
  expect(Number(call.getDeadline()) - deadlineMs).toBeGreaterThan(500);
});
