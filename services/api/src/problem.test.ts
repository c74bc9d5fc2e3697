import { ServiceError, WorkflowNotFoundError } from '@temporalio/client';
import { NamespaceNotFoundError } from '@temporalio/common';
import { StoreError } from '@widget-store/db';
import { PayloadKeyError } from '@widget-store/runtime/temporal';
import { Problem, problemResponse, toProblem } from './problem';

function grpcError(code: number): Error {
  const error = Object.assign(new Error('14 UNAVAILABLE: connect ECONNREFUSED 10.0.0.1'), {
    code,
    details: 'secret',
    metadata: {},
  });
  return new ServiceError('Failed to query Workflow', { cause: error });
}

describe('toProblem', () => {
  it.each([1, 4, 5, 8, 9, 10, 14])('gRPC status %d of Temporal is retryable', (code) => {
    expect(toProblem(grpcError(code)).code).toBe('temporal_unavailable');
  });

  it.each([
    ['Namespace default has no mapping defined for search attribute OrderId', 'temporal_unavailable'],
    ['WorkflowId is not set on request', 'internal'],
  ])('an invalid argument of Temporal, %j, is %s', (details, code) => {
    const cause = Object.assign(new Error(`3 INVALID_ARGUMENT: ${details}`), { code: 3, details, metadata: {} });
    expect(toProblem(cause).code).toBe(code);
    expect(toProblem(new ServiceError('Failed to start Workflow', { cause })).code).toBe(code);
  });

  it('a starting server that does not know its namespace yet is retryable', () => {
    expect(toProblem(new NamespaceNotFoundError('default')).code).toBe('temporal_unavailable');
  });

  it('a missing encryption key is retryable, and the client does not learn which key', () => {
    const problem = toProblem(new PayloadKeyError('a payload is encrypted with the key one'));
    expect([problem.code, problem.message.includes('one')]).toEqual(['temporal_unavailable', false]);
  });

  it('an unavailable database is retryable, a refused statement is not', () => {
    expect(toProblem(new StoreError('DatabaseUnavailable', 'away')).code).toBe('postgres_unavailable');
    expect(toProblem(new StoreError('DatabaseRejected', 'refused')).code).toBe('internal');
  });

  it.each([
    new Error('select * from orders'),
    new WorkflowNotFoundError('gone', 'id', undefined),
    'a string',
    undefined,
  ])('an unexpected error is internal and reveals nothing', (error) => {
    const problem = toProblem(error);
    expect([problem.code, problem.message]).toEqual(['internal', 'The store failed to handle this request.']);
  });
});

describe('problemResponse', () => {
  it('has the form of RFC 9457 and says when to retry', async () => {
    const response = problemResponse(toProblem(grpcError(14)), { instance: '/checkout/k', requestId: 'request-1' });
    expect(response.status).toBe(503);
    expect(response.headers.get('Content-Type')).toBe('application/problem+json');
    expect(Number(response.headers.get('Retry-After'))).toBeGreaterThan(0);
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: 'Service Unavailable',
      status: 503,
      detail: 'The workflow service or its worker is not available at the moment.',
      instance: '/checkout/k',
      code: 'temporal_unavailable',
      retryable: true,
      request_id: 'request-1',
    });
    expect(response.headers.get('X-Request-Id')).toBe('request-1');
  });

  it.each([
    ['invalid_json', 'Bad Request'],
    ['invalid_cart', 'Unprocessable Content'],
    ['overloaded', 'Service Unavailable'],
  ] as const)('has the phrase of its status as its title (RFC 9457, 4.2.1): %s, %s', async (code, title) => {
    const response = problemResponse(new Problem(code, 'No.'), { instance: '/', requestId: 'request-1' });
    expect(await response.json()).toMatchObject({ type: 'about:blank', title });
  });

  it('has no Retry-After when a retry cannot succeed', () => {
    const problem = new Problem('order_unknown', 'There is no such order.');
    const response = problemResponse(problem, { instance: '/order/x', requestId: 'request-1' });
    expect([response.status, response.headers.has('Retry-After')]).toEqual([404, false]);
  });
});
