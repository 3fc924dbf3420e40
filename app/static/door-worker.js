/* Keeps the door's page and what it needs, so that it opens again without a network. */
const CACHE = "door";
const PATIENCE = 4000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const ours = url.origin === location.origin && request.method === "GET";
  if (ours && (request.mode === "navigate" || url.pathname.startsWith("/static/"))) {
    event.respondWith(freshOrKept(request));
  }
});

async function freshOrKept(request) {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    if (answer.ok) await cache.put(request, answer.clone());
    else if (request.mode === "navigate" && answer.status < 500) await cache.delete(request);
    return answer;
  } catch {
    const kept = await cache.match(request, { ignoreSearch: request.mode === "navigate" });
    return kept ?? Response.error();
  }
}
