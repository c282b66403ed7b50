// push.js — <form data-push="the installation's public key" hidden>, <h1 data-unread="2">
// Asks the browser for an address at its push service and sends it as fields of the form. Only on the page that somebody
// has opened for it: nobody is asked for leave unasked. [data-no-push] says what to do where it cannot be had,
// [data-push-denied] where it was refused in the browser, [data-stopped] when it came to nothing.
const form = document.querySelector("[data-push]")
const bytes = text => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), letter => letter.charCodeAt())
const show = (name, shown) => { document.querySelector(`[data-${name}]`).hidden = !shown }

async function subscribe() {
  const { pushManager } = await navigator.serviceWorker.ready
  const key = bytes(form.dataset.push)
  let made = await pushManager.getSubscription()
  // One of a key that the installation has no more is of no use. One of this key is what we have already, if anything:
  // it is let go by nobody here, so what is told goes on also where the form does not come through.
  if (made && String(new Uint8Array(made.options.applicationServerKey)) !== String(key)) {
    await made.unsubscribe()
    made = null
  }
  made ??= await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })
  const { endpoint, keys } = made.toJSON()
  form.elements.endpoint.value = endpoint
  form.elements.p256dh.value = keys.p256dh
  form.elements.auth.value = keys.auth
}

if (form && window.PushManager && navigator.serviceWorker) {
  const say = () => {
    const isDenied = Notification.permission === "denied"
    show("no-push", false)
    show("push-denied", isDenied)
    form.hidden = isDenied
  }
  say()
  form.addEventListener("submit", async event => {
    event.preventDefault()
    show("stopped", false)
    try {
      await subscribe()
      form.submit()
    } catch {
      say()
      show("stopped", !form.hidden)
    }
  })
}

// Each push says how many are not read, and the badge of the app shows it: the list knows better.
const unread = document.querySelector("[data-unread]")?.dataset.unread
if (unread) navigator.setAppBadge?.(Number(unread)).catch(() => {})
