// form-waiting.js
// What is on the device goes to us as soon as it can: answers are merged with the draft, and what was to be sent is sent
// with the key it had, so that it is one however often it goes. Whatever a page that still lives is at work with, is its own.
import { LATE, SOON, oneAtATime, post } from "./form-post.js"
import { forget, keep, kept } from "./form-kept.js"
import { offer, say, sayLost, sayReceipt } from "./form-said.js"

const DRAFT = /^(\/for\/[\w-]+)?(\/forms\/drafts\/[\w-]+)/
const RECEIPT = /\b[B-X]{4}(-[B-X]{4}){2}\b/
// No login lasts longer: what is older was written in another one, and the person says again that it shall go.
const ONE_LOGIN = 72e5

/** The base (of somebody else's record) and the draft in an address of ours; none in other addresses. */
export const whereIs = address => {
  const [, base = "", draft] = DRAFT.exec(new URL(address, location).pathname) ?? []
  return { base, draft }
}

/** Go to what the server makes of these fields: a page of its own. */
export function hand(address, body) {
  const form = Object.assign(document.createElement("form"), { method: "post", action: address, hidden: true })
  for (const [name, value] of new URLSearchParams(body)) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }))
  }
  document.body.append(form)
  form.submit()
}

/** `page`: { mark, warn, own, base, draft, form, revision, anew }. Gives what brings everything that waits. */
export function bringer(page) {
  let timer, wait = SOON
  const awaited = new Set()
  const isHere = entry => whereIs(entry.address).draft === page.draft
  const again = () => {
    clearTimeout(timer)
    timer = setTimeout(bring, wait)
    wait = Math.min(wait * 2, LATE)
  }
  const hold = (entry, more) => keep(entry.id, { ...entry, ...more }, page.warn)

  const bring = oneAtATime(async () => {
    const entries = await kept(page.mark).catch(() => [])
    for (const name of ["queued", "confirm", "refused"]) say(name, false)
    for (const entry of entries) {
      if (entry.id !== page.own && whereIs(entry.address).draft) await navigator.locks.request(entry.id, { ifAvailable: true }, lock => lock ? one(entry) : whenFree(entry.id))
    }
  })

  // A page that lives brings its own; once it is gone, and that may take a moment, what it has left is for us to bring.
  function whenFree(id) {
    if (awaited.has(id)) return
    awaited.add(id)
    navigator.locks.request(id, () => awaited.delete(id)).then(bring)
  }

  function one(entry) {
    const { base } = whereIs(entry.address)
    // The way to somebody else's record is another one in each login.
    const address = isHere(entry) ? page.base + entry.address.slice(base.length) : entry.address
    return address.endsWith("/send") ? send(entry, address) : merge(entry, address)
  }

  async function merge(entry, address) {
    if (isHere(entry) && entry.settled < page.revision) return forget(entry.id)
    const { how, revision } = await inTurn(entry, address)
    if (how === "ok") {
      await forget(entry.id)
      say("kept", false)
      if (isHere(entry) && revision !== page.revision) page.anew()
    } else if (how === "conflict") {
      await hold(entry, { conflict: true })
      offer("conflict", () => hand(address.replace("/live", ""), entry.body))
    } else if ((how === "gone" && whereIs(address).base === page.base) || how === "refused") lost(entry)
    else {
      say(how === "login" ? how : "kept")
      if (how === "later") again()
    }
  }

  // The last that went may have arrived, though nobody heard it: it goes again as it was, and then what was typed after it.
  async function inTurn({ was, body }, address) {
    const { how, answer } = await post(address, was ?? body)
    if (how !== "ok") return { how }
    const { revision } = await answer.json()
    if ((was ?? body) === body) return { how, revision }
    const fields = new URLSearchParams(body)
    fields.set("revision", revision)
    return inTurn({ body: String(fields) }, address)
  }

  function lost(entry) {
    sayLost(entry.words)
    offer("lost", () => forget(entry.id))
  }

  async function send(entry, address, confirmed) {
    if (!confirmed && (entry.ask || Date.now() - entry.at > ONE_LOGIN)) {
      say("queued")
      return offer("confirm", () => send(entry, address, true))
    }
    const { how, answer } = await post(address, entry.body)
    if (how === "ok" && answer.url.includes("/forms/sent/")) {
      await forget(entry.id)
      say("queued", false)
      if (isHere(entry)) return location.assign(answer.url)
      return sayReceipt(RECEIPT.exec(await answer.text())?.[0], answer.url)
    }
    if (how === "login" || how === "later") {
      if (how === "login") await hold(entry, { ask: true })
      say("queued")
      say("login", how === "login")
      return how === "later" && again()
    }
    // In a record that has another address in this login it is no answer: it waits for the page of its own draft.
    if (how === "gone" && whereIs(address).base !== page.base) return say("queued")
    // It has to be looked over: the server says why, on a page of its own.
    say("queued", false)
    if (how !== "other") await forget(entry.id)
    if (page.sends && isHere(entry)) hand(address, entry.body)
    else say("refused")
  }

  return { bring, soon: () => { wait = SOON; return bring() }, send }
}
