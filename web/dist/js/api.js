// HTTP calls to the service that this page came from.

const BASE = '/api/v1';

/** A failed call; `detail` is a sentence for people. */
export class ApiError extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
    this.detail = detail;
  }
}

/** The answer as JSON, or `null` where there is none yet (404). */
export async function get(path) {
  return call(path, {});
}

export async function post(path, body) {
  return call(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** All items of a list, following its cursor, up to `most`. */
export async function list(path, most = 1000) {
  const items = [];
  let cursor = null;
  do {
    const query = new URLSearchParams({ limit: String(Math.min(most, 1000)) });
    if (cursor) query.set('cursor', cursor);
    const page = await get(`${path}${path.includes('?') ? '&' : '?'}${query}`);
    if (!page) break;
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor && items.length < most);
  return items;
}

async function call(path, options) {
  let answer;
  try {
    answer = await fetch(BASE + path, options);
  } catch {
    throw new ApiError(0, 'The service does not answer. Is `routeforce serve` running?');
  }
  if (answer.status === 404) return null;
  if (!answer.ok) throw new ApiError(answer.status, await problem(answer));
  return answer.json();
}

/** What a problem+json answer says, or its status. */
async function problem(answer) {
  try {
    const body = await answer.json();
    return body.detail || body.title || `Status ${answer.status}`;
  } catch {
    return `Status ${answer.status}`;
  }
}
