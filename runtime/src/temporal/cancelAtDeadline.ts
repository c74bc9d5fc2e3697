import { InterceptingCall, type Interceptor, status } from '@grpc/grpc-js';

/** The server's deadline is this much later than the client's. */
const serverGraceMs = 1000;

/**
 * Cancels a gRPC call at its deadline, and gives the server a later deadline. If both ends reset the HTTP/2 stream at
 * the same moment, Node's HTTP/2 client can loop for ever while its memory grows, or can abort the process
 * (nodejs/node#52952, nodejs/node#64113). A late call fails with DEADLINE_EXCEEDED, as without this interceptor.
 */
export const cancelAtDeadline: Interceptor = (options, nextCall) => {
  const deadlineMs = Number(options.deadline ?? Infinity);
  if (!Number.isFinite(deadlineMs)) return new InterceptingCall(nextCall(options));
  const call = nextCall({ ...options, deadline: deadlineMs + serverGraceMs });
  const cancel = () => call.cancelWithStatus(status.DEADLINE_EXCEEDED, 'Deadline exceeded');
  let timer: NodeJS.Timeout | undefined;
  return new InterceptingCall(call, {
    start(metadata, _listener, next) {
      timer = setTimeout(cancel, deadlineMs - Date.now());
      next(metadata, {
        onReceiveStatus(received, nextStatus) {
          clearTimeout(timer);
          nextStatus(received);
        },
      });
    },
  });
};
