// Keeps the shell only: the files named below and the offline page. A page of the record is never stored;
// it comes from the server or not at all.
const FILES = SHELL_FILES
const CACHE = "shell-" + SHELL_VERSION
const OFFLINE = "/offline"
const ICON = SHELL_ICON
addEventListener("install", event => event.waitUntil(keep().then(() => skipWaiting())))
addEventListener("activate", event => event.waitUntil(forgetOlder().then(() => clients.claim())))
addEventListener("fetch", event => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== "GET" || origin !== location.origin) return
  if (request.mode === "navigate") event.respondWith(fromServer(event))
  else if (FILES.includes(pathname)) event.respondWith(fromShell(request))
})
// A push says only that there is something: what it is, the page tells after a login. It leads nowhere but here.
addEventListener("push", event => {
  const { notification: { title, navigate, ...rest }, app_badge } = event.data.json()
  event.waitUntil(registration.showNotification(title, { ...rest, icon: ICON, data: new URL(navigate).pathname }))
  navigator.setAppBadge?.(Number(app_badge)).catch(() => {})
})
addEventListener("notificationclick", event => {
  event.notification.close()
  event.waitUntil(clients.openWindow(event.notification.data))
})
async function keep() {
  const cache = await caches.open(CACHE)
  await cache.addAll([...FILES, new Request(OFFLINE, { cache: "reload", credentials: "omit" })])
}
async function forgetOlder() {
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name)
  await registration.navigationPreload?.enable()
}
async function fromServer({ request, preloadResponse }) {
  try {
    return await preloadResponse || await fetch(request)
  } catch {
    return await caches.match(OFFLINE) ?? Response.error()
  }
}
async function fromShell(request) {
  return await caches.match(request) ?? fetch(request)
}
