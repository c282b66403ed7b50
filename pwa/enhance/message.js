// message.js — <div id="live">, <form action="/messages/drafts/{id}">, <div id="device">
// What is new comes into the open page; what is typed is kept as it is typed, on the device where there is no network;
// what was to be sent goes as soon as it can, with the draft it was, so that it is one however often it goes.
import { forget, keep, kept } from "./form-kept.js"
import { LATE, SOON, fieldsOf, oneAtATime, post } from "./form-post.js"

const DRAFT = /^(?:\/for\/[\w-]+)?\/messages\/drafts\/[\w-]{36}$/
// No login lasts longer: what is older than this was to be sent in another one, and is kept as a draft instead.
const ONE_LOGIN = 72e5

const device = document.getElementById("device")
const mark = document.querySelector("input[name=m]")?.value
const pathOf = address => new URL(address, location).pathname
const form = [...document.forms].find(each => DRAFT.test(pathOf(each.action)))
const say = (state, when) => {
  for (const each of device?.children ?? []) each.hidden = each.dataset.device !== state
  if (when) device.querySelector("span").textContent = when
}

// The page as it is now, parsed by the browser and by nothing of ours.
function fetched() {
  return new Promise((done, failed) => {
    const asked = new XMLHttpRequest()
    asked.open("GET", location.pathname)
    asked.responseType = "document"
    asked.timeout = 1e4
    asked.onload = () => asked.status === 200 && asked.response ? done(asked.response) : failed()
    asked.onerror = asked.ontimeout = failed
    asked.send()
  })
}

const freshen = oneAtATime(async () => {
  const there = await fetched().catch(() => {})
  const live = document.getElementById("live")
  if (!there || !live) return
  const had = new Set([...live.querySelectorAll("[id]")].map(each => each.id))
  const now = there.getElementById("live")
  const came = [...now.querySelectorAll(".message-unit")].some(each => !had.has(each.id))
  live.replaceChildren(...now.childNodes)
  const news = document.getElementById("news")
  if (came && news) news.textContent = news.dataset.words
  for (const name of ["unread", "places"]) {
    const [old, other] = [document, there].map(each => each.getElementById(name))
    if (old && other) old.replaceChildren(...other.childNodes)
  }
})
let missed
const look = () => {
  // Nobody has read what comes into a page that is not looked at.
  if (document.hidden) missed = true
  else freshen()
}
document.addEventListener("news", look)
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && missed) { missed = false; freshen() }
})

if (mark) {
  const address = form && pathOf(form.action)
  const warn = device?.dataset.warn ?? ""
  let changes = 0, saved = 0, timer, wait = SOON, sending
  const hold = (body, address_ = address) => keep(`${mark} ${address_}`, { at: Date.now(), address: address_, body }, warn).catch(() => {})
  const later = work => {
    clearTimeout(timer)
    timer = setTimeout(work, wait)
    wait = Math.min(wait * 2, LATE)
  }

  const save = oneAtATime(async () => {
    const now = changes
    if (now === saved || sending) return
    const body = fieldsOf(form)
    const { how, answer } = await post(`${address}/live`, body)
    if (sending) return
    if (how === "ok") {
      const said = await answer.json()
      form.elements.revision.value = said.revision
      saved = now
      wait = SOON
      await forget(`${mark} ${address}`).catch(() => {})
      say("saved", said.saved)
      if (form.elements.unit) history.replaceState(null, "", address)
    } else if (how === "later" || how === "login") {
      await hold(body)
      say(how === "login" ? how : "kept")
      if (how === "later") later(save)
    } else if (how === "conflict") say(how)
  })

  // Gives what became of it; goes to the thread where it was sent from this page.
  async function send(entry, isHere) {
    const { how, answer } = await post(entry.address, entry.body)
    if (how === "ok" && !DRAFT.test(pathOf(answer.url))) {
      await forget(entry.id).catch(() => {})
      if (isHere) location.assign(answer.url)
      return isHere
    } else if (how === "later" || how === "login") {
      await hold(entry.body, entry.address)
      say(how === "login" ? how : "queued")
      if (how === "later") later(bring)
    } else if (isHere) {
      await forget(entry.id).catch(() => {})
      // The server says on a page of its own what is to be looked at.
      hand(entry)
      return true
    } else {
      // Nobody would see that here: it is a draft until its own page is open.
      const fields = new URLSearchParams(entry.body)
      fields.delete("do")
      await hold(String(fields), entry.address)
      later(bring)
    }
  }
  function hand({ address, body }) {
    const sent = Object.assign(document.createElement("form"), { method: "post", action: address, hidden: true })
    for (const [name, value] of new URLSearchParams(body)) {
      sent.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }))
    }
    document.body.append(sent)
    sent.submit()
  }

  const bring = oneAtATime(async () => {
    for (const entry of await kept(mark).catch(() => [])) {
      if (!DRAFT.test(entry.address)) continue
      const fields = new URLSearchParams(entry.body)
      const isHere = entry.address === address
      const isMine = isHere || (form && (fields.get("thread") ?? "-") === form.elements.thread?.value)
      const isOld = Date.now() - entry.at > ONE_LOGIN
      if (fields.get("do") === "send" && !isOld) {
        if (!sending) sending = await send(entry, isHere)
        continue
      }
      // In this login somebody else's record has another address.
      const to = isMine && !isHere ? address.replace(/[^/]+$/, entry.address.split("/").pop()) : entry.address
      const { how } = await post(`${to}/live`, entry.body)
      if (how === "ok") {
        await forget(entry.id)
        if (isMine && changes === saved) location.reload()
      } else if (how === "conflict" && isMine) {
        await forget(entry.id)
        fields.delete("do")
        hand({ address: to, body: fields })
      } else if (how === "later") later(bring)
    }
  })

  form?.addEventListener("input", event => {
    if (event.target.type === "file") return
    changes++
    hold(fieldsOf(form))
    clearTimeout(timer)
    timer = setTimeout(save, 1e3)
  })
  form?.addEventListener("submit", async event => {
    const button = event.submitter
    if (button?.value !== "send") return
    event.preventDefault()
    if (sending) return
    sending = true
    clearTimeout(timer)
    const fields = new URLSearchParams(fieldsOf(form))
    fields.set("do", "send")
    const entry = { id: `${mark} ${address}`, address, body: String(fields) }
    await hold(entry.body)
    // A page that is being left keeps nothing more.
    sending = await send(entry, true)
  })
  // What the unit wants to be told stands in the field, where nothing does.
  form?.addEventListener("change", ({ target }) => {
    if (target.type === "file" && target.value) form.requestSubmit(target.nextElementSibling)
    if (target.name !== "kind") return
    const { text } = form.elements
    const all = [...form.querySelectorAll("[data-template]")]
    if (text.value && !all.some(each => each.textContent === text.value)) return
    text.value = all.find(each => each.dataset.template === target.value)?.textContent ?? ""
  })
  addEventListener("pagehide", () => {
    if (form && changes !== saved && !sending) post(`${address}/live`, fieldsOf(form))
  })
  const again = () => { wait = SOON; bring().then(() => form && save()) }
  addEventListener("online", again)
  new BroadcastChannel("session").onmessage = again
  bring()
}
