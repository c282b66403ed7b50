// live.js — <dialog id="session-soon" data-live="/live" data-left="1800">
// An open page asks how it is with its session when the server says that something has changed, and when its time is
// near. When that is over the page goes dark; what somebody is writing waits behind it for a new login.
const soon = document.getElementById("session-soon")
if (soon) {
  const again = document.getElementById("session-again")
  const page = document.querySelector(".page")
  const { live, left } = soon.dataset
  let mark, source, timer, typed, end, missed = 0, out = 0

  const leave = () => {
    document.documentElement.hidden = true
    location.replace(location.pathname + location.search)
  }
  const isOther = said => said != (mark ??= said)
  const show = (dialog, dark) => {
    for (const each of [soon, again]) if (each != dialog) each.close()
    page.hidden = dark
    if (dialog && !dialog.open) dialog.showModal()
  }
  const plan = (seconds, over) => {
    if (over) end = Date.now() + over * 1000
    clearTimeout(timer)
    timer = setTimeout(ask, seconds * 1000)
  }
  const settle = ({ left, final, mark }) => {
    if (isOther(mark)) return leave()
    const near = left <= 120
    missed = 0
    show(near && (final ? again : soon), false)
    plan(near ? left + 1 : left - 119, left)
  }
  // A new login gives a new cookie, and for a moment this page has the old one: seen twice, it is over.
  const over = why => {
    if (/none|login/.test(why) && !missed++) {
      page.hidden = true
      plan(.5)
    } else if (typed && /idle|absolute/.test(why)) show(again, true)
    else leave()
  }
  async function ask() {
    // Something is being sent, the way out by the provider perhaps: to load this page anew would stop it.
    if (Date.now() < out) return plan(10)
    try {
      const answer = await fetch(live)
      if (answer.status < 500) {
        const said = await answer.json()
        if (answer.ok) return settle(said)
        if (said.why) return over(said.why)
      }
    } catch {}
    if (Date.now() > end) show(again, true)
    plan(5)
  }
  // Something in the messages of the open record has changed: whoever shows them on this page asks for them.
  const tell = () => document.dispatchEvent(new Event("news"))
  const listen = () => {
    source?.close()
    if (document.hidden) return
    source = new EventSource(live)
    source.addEventListener("mark", event => isOther(event.data) && leave())
    source.addEventListener("news", tell)
    source.onmessage = ask
    source.onerror = () => {
      if (source.readyState < 2) return
      // Later, and so never on a page that is being left: that closes its stream too.
      plan(.5)
      setTimeout(listen, 6e4)
    }
  }
  const stay = () => fetch("/session/renew", { method: "POST", redirect: "manual" }).then(ask, ask)

  addEventListener("submit", event => {
    if (!event.defaultPrevented) out = Date.now() + 1e4
  })
  addEventListener("input", event => { typed ||= event.target.form?.method == "post" })
  soon.addEventListener("cancel", stay)
  soon.addEventListener("submit", event => {
    if (event.target.dataset.stay === undefined) return
    event.preventDefault()
    stay()
  })
  again.addEventListener("close", () => page.hidden && again.showModal())
  document.addEventListener("visibilitychange", () => {
    listen()
    if (document.hidden) return
    ask()
    // What was said while nobody listened.
    tell()
  })
  new BroadcastChannel("session").onmessage = ask
  // A minute early: the last use is written down once a minute.
  plan(left - 180, left)
  listen()
}
