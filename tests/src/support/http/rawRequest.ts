import { once } from 'node:events';
import { connect } from 'node:net';

/** Sends bytes that an HTTP client would not send. Resolves with the whole response as text. */
export async function rawRequest(apiUrl: string, request: string): Promise<string> {
  const { hostname, port } = new URL(apiUrl);
  const socket = connect(Number(port), hostname);
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
  socket.setTimeout(10_000, () => socket.destroy(new Error('the api did not answer in 10 s')));
  socket.write(request);
  await once(socket, 'close');
  return answer;
}
