// form-waiting.js
// What is on the device goes to us as soon as it can: answers are merged with the draft, and what was to be sent is sent
// with the key it had, so that it is one however often it goes. Whatever a page that still lives is at work with, is its own.
import { LATE, SOON, answersIn, oneAtATime, post } from "./form-post.js"
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

/** `page`: { mark, warn, own, base, draft, form, revision, loaded, anew }. Gives what brings everything that waits. */
export function bringer(page) {
  let timer, wait = SOON
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
      if (entry.id !== page.own && whereIs(entry.address).draft) await navigator.locks.request(entry.id, { ifAvailable: true }, lock => lock && one(entry))
    }
  })

  function one(entry) {
    const { base } = whereIs(entry.address)
    // The way to somebody else's record is another one in each login.
    const address = isHere(entry) ? page.base + entry.address.slice(base.length) : entry.address
    return address.endsWith("/send") ? send(entry, address) : merge(entry, address)
  }

  async function merge(entry, address) {
    if (isHere(entry) && entry.settled < page.revision) return forget(entry.id)
    const { how, answer } = await post(address, rebased(entry))
    if (how === "ok") {
      await forget(entry.id)
      say("kept", false)
      if (isHere(entry) && (await answer.json()).revision !== page.revision) page.anew()
    } else if (how === "conflict") {
      await hold(entry, { conflict: true })
      offer("conflict", () => hand(address.replace("/live", ""), entry.body))
    } else if ((how === "gone" && whereIs(address).base === page.base) || how === "refused") lost(entry)
    else {
      say(how === "login" ? how : "kept")
      if (how === "later") again()
    }
  }

  // What went may have arrived, though nobody heard the answer: then the draft is as it was then, and what was
  // typed after it comes after it.
  function rebased({ was, body }) {
    if (!page.loaded || !was?.some(each => answersIn(each) === answersIn(page.loaded))) return body
    const fields = new URLSearchParams(body)
    fields.set("revision", page.revision)
    return String(fields)
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
