import type { RequestListener, ServerResponse } from 'node:http';
import type { StorageHealth } from './storage-health.ts';

/** The body with which distribution's registry answers every request while its storage check fails. */
const UNAVAILABLE = {
  errors: [
    {
      code: 'UNAVAILABLE',
      message: 'service unavailable',
      detail: 'health check failed: please see /debug/health',
    },
  ],
};

/** The answers at the registry's address. Only the root of the API, /v2/, exists. */
export function registryAnswers(health: StorageHealth): RequestListener {
  return (request, response) => {
    if (health.failure() !== null) return answer(response, 503, UNAVAILABLE);
    if (request.url === '/v2/') return answer(response, 200, {});
    return answer(response, 404, { errors: [{ code: 'UNSUPPORTED', message: 'this registry is for practice only' }] });
  };
}

/** The answers at the debug address. */
export function debugAnswers(health: StorageHealth): RequestListener {
  return (request, response) => {
    if (request.url !== '/debug/health') return answer(response, 404, {});
    const failure = health.failure();
    return failure === null ? answer(response, 200, {}) : answer(response, 503, { storagedriver_filesystem: failure });
  };
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Docker-Distribution-Api-Version': 'registry/2.0',
  });
  response.end(`${JSON.stringify(body)}\n`);
}
