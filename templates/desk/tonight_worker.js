// Gives the browser the register's own small page when the network is gone. What is kept here is
// the same for everybody and names nobody: the page is fetched without being signed in.
const KEPT = {{ kept | tojson }}
const SHELL = {{ shell | tojson }}
const CACHE = {{ ("tonight-" ~ version) | tojson }}
const PATIENCE = 10000
const PATHS = new Set(KEPT.map((url) => new URL(url, self.location).pathname))

self.addEventListener('install', (event) => {
  const requests = KEPT.map((url) => new Request(url, { credentials: 'omit', cache: 'no-cache' }))
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(requests)))
  self.skipWaiting()
})

self.addEventListener('activate', (event) => {
  const forgetOthers = caches.keys().then((names) =>
    Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)))
  )
  event.waitUntil(forgetOthers.then(() => self.clients.claim()))
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const path = new URL(request.url).pathname
  if (request.method !== 'GET') return
  if (request.mode === 'navigate') {
    if (/\/\d+$/.test(path)) event.respondWith(fromNetwork(request, SHELL))
  } else if (PATHS.has(path)) {
    event.respondWith(fromNetwork(request, path))
  }
})

async function fromNetwork(request, otherwise) {
  const kept = () => caches.match(otherwise, { ignoreSearch: true })
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE)).then(kept)
  const found = await Promise.race([fetch(request).catch(kept), late])
  return found || Response.error()
}
