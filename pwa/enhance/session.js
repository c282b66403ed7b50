// session.js — <a data-login>, <h1 data-back>
// One logs in again beside the page that waits, and it hears when that is done.
document.addEventListener("click", event => {
  const link = event.target.closest("[data-login]")
  if (link && open(link.href, "login", "popup,width=480,height=760")) event.preventDefault()
})
if (document.querySelector("[data-back]")) {
  new BroadcastChannel("session").postMessage("back")
  close()
}
