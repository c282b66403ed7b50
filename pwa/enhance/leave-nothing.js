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
// What a form has left on the device goes with whoever logs out: their key first. If something has not been sent, it is
// said before. What waits for somebody else is spared by saying that it does, once one's own is gone; so is the service
// worker of a browser that is told by push. Nothing that fails here keeps anybody from logging out.
const throwAway = mark => new Promise((done, failed) => {
  const asked = indexedDB.open("forms")
  // Whoever has filled in nothing here has none, and gets none.
  asked.onupgradeneeded = () => asked.transaction.abort()
  asked.onerror = failed
  asked.onsuccess = () => {
    const change = asked.result.transaction(["keys", "kept"], "readwrite")
    const keys = change.objectStore("keys"), kept = change.objectStore("kept")
    const theirs = IDBKeyRange.bound(`${mark} `, `${mark}!`)
    let stays, others
    change.oncomplete = () => asked.result.close(done({ stays, others: others?.result }))
    change.onabort = failed
    const count = kept.count(theirs)
    keys.get(mark).onsuccess = ({ target }) => {
      stays = count.result && !confirm(target.result?.warn)
      if (stays) return
      keys.delete(mark)
      kept.delete(theirs)
      others = kept.count()
    }
  }
})
const isTold = async () => (await navigator.serviceWorker.getRegistration()).pushManager.getSubscription()
addEventListener("submit", async event => {
  const form = event.target, mark = form.elements.m?.value
  if (!mark || "left" in form.dataset || !/\/(logout|end-all)$/.test(form.action)) return
  event.preventDefault()
  const { stays, others } = await throwAway(mark).catch(() => ({}))
  if (stays) return
  form.dataset.left = ""
  if (others || await isTold().catch(() => 0)) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "others", value: 1 }))
  form.requestSubmit(event.submitter)
})
