// The kill switch: served as /sw.js it removes every cache and the service worker itself.
addEventListener("install", () => skipWaiting())
addEventListener("activate", event => event.waitUntil((async () => {
  for (const name of await caches.keys()) await caches.delete(name)
  await registration.unregister()
})()))
