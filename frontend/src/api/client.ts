/** The one door to the API: typed by the OpenAPI document, failing with ProblemError only. */
import createClient, { type Middleware } from 'openapi-fetch';
import { problemOf, unreachable } from './problem';
import type { paths } from './schema.gen';

const failLoudly: Middleware = {
  async onResponse({ response }) {
    if (response.ok) return;
    const text = await response.text();
    let body: unknown = text;
    try {
      body = JSON.parse(text);
    } catch {
      // Not JSON: a proxy or a crash answered; the text itself is shown.
    }
    throw problemOf(response, body);
  },
  onError({ error }) {
    // An aborted request is not a failed one: the query layer gave it up itself.
    if (error instanceof DOMException && error.name === 'AbortError') return error;
    return unreachable();
  },
};

export const client = createClient<paths>({
  // Read at each request, so that tests can put a fake in its place.
  fetch: (request) => globalThis.fetch(request),
  baseUrl: globalThis.location.origin,
});
client.use(failLoudly);

/** The body of an answer that has one; `failLoudly` has thrown for all others. */
export function bodyOf<T>(answer: { data?: T }): T {
  return answer.data as T;
}
