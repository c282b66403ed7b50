// leave-nothing.js — <html data-private>
// A browser may bring back a page from memory after the person has logged out. Hide it when it is left, and ask the
// server again when it returns: whoever is not logged in any more sees nothing.
const page = document.documentElement
if ("private" in page.dataset) {
  addEventListener("pagehide", () => { page.hidden = true })
  addEventListener("pageshow", event => {
    if (event.persisted) location.reload()
    else page.hidden = false
  })
}
