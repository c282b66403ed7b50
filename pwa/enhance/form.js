// form.js — <form action="/forms/drafts/{id}">, and …/send; <div id="device">
// Keeps what is typed as it is typed: on the device at once, with us a second after the last key. Without a network it
// stays on the device, and the page says so, until it is with us.
import { askWhatIsAsked } from "./form-asked.js"
import { forget, keep, kept } from "./form-kept.js"
import { LATE, SOON, fieldsOf, oneAtATime, post } from "./form-post.js"
import { offer, say, sayLost, sayState } from "./form-said.js"
import { bringer, hand, whereIs } from "./form-waiting.js"

const PAUSE = 1e3
const MOST_UNHEARD = 20
const OURS = /\/forms\/(drafts|files)\//
const device = document.getElementById("device")
const form = [...document.forms].find(each => whereIs(each.action).draft && (each.elements.on || each.action.endsWith("/send")))
const mark = document.querySelector("input[name=m]")?.value
const { base, draft } = whereIs(form?.action ?? location)
const page = {
  mark, base, draft, form,
  warn: device?.dataset.warn,
  own: `${mark} ${draft} ${crypto.randomUUID()}`,
  revision: +form?.elements.revision?.value,
  sends: form?.action.endsWith("/send"),
  // The form's own way of asking between two answers (c-12: mine or theirs).
  chooses: !!form?.querySelector("[name^=c-]"),
  anew: () => location.reload(),
}
const waiting = bringer(page)

function fill() {
  const live = `${base}${draft}/live`
  const changed = new Map(), left = new Set()
  let changes = 0, saved = 0, unheard = [], timer, wait = SOON, how = "ok", said = {}, saving, stale, passing, busy
  page.loaded = fieldsOf(form)
  page.anew = () => { stale = true; settle() }

  const keepIt = oneAtATime(async () => {
    // Not after the person has gone: their key has been thrown away, and this would make another.
    if (changes === saved || document.documentElement.hidden || form.dataset.keep === "no") return
    const entry = { at: Date.now(), address: live, body: fieldsOf(form), was: unheard, words: [...changed.values()] }
    await keep(page.own, { ...entry, conflict: how === "conflict" }, page.warn).catch(() => sayState("memory"))
  })

  const save = oneAtATime(async () => {
    clearTimeout(timer)
    if (how === "gone") return
    const now = changes
    saving = true
    const sent = fieldsOf(form)
    // Any of these may have arrived, though nobody heard it.
    unheard = [...unheard.filter(each => each !== sent), sent].slice(-MOST_UNHEARD)
    await keepIt()
    const outcome = await post(live, sent)
    saving = false
    how = outcome.how
    const answer = how === "ok" && await outcome.answer.json().catch(() => { how = "later" })
    if (answer) await take(answer, now)
    else missed()
  })

  async function take(answer, now) {
    said = answer
    form.elements.revision.value = page.revision = answer.revision
    unheard = []
    wait = SOON
    stale ||= answer.reload
    if (now === changes) {
      saved = now
      show(answer.fields)
      await forget(page.own).catch(() => {})
      sayState("saved", answer.saved)
    }
    explain()
    settle()
  }

  function missed() {
    sayState({ login: "login", conflict: "conflict" }[how] ?? "kept")
    if (how === "conflict") {
      keepIt()
      offer("conflict", () => hand(form.action, fieldsOf(form)))
    }
    if (how === "gone") {
      sayLost([...changed.values()])
      offer("lost", () => forget(page.own))
    }
    if (how === "later") {
      timer = setTimeout(save, wait)
      wait = Math.min(wait * 2, LATE)
    }
  }

  const fieldOf = node => node.closest?.("[data-field]")
  // Its own: those of the questions below it are theirs.
  const inputsOf = field => [...field.querySelectorAll("input[name]:not([type=hidden]), select, textarea")].filter(input => fieldOf(input) === field)

  // Drawn anew where something is asked that this page has not: when the person rests, and goes on where they were.
  function settle() {
    if (!stale || changes !== saved || busy) return
    const { id, name, selectionStart } = document.activeElement
    history.replaceState({ id, name, selectionStart, y: scrollY }, "")
    location.reload()
  }

  function show(fields = {}) {
    for (const [name, { on, value }] of Object.entries(fields)) {
      const field = document.querySelector(`[data-field="${name}"]`)
      if (field) field.hidden = !on
      for (const output of document.querySelectorAll(`output[name="${name}"]`)) {
        if (value !== undefined && output.value !== value) output.value = value
      }
    }
  }

  // Nobody is told that they are wrong while they are writing.
  function explain() {
    for (const name of left) {
      const place = document.getElementById(`e-${name}`)
      const field = place?.closest("[data-field]")
      if (!field || field.contains(document.activeElement)) continue
      const problem = said.problems?.[name] ?? ""
      if (place.textContent.trim() !== problem) place.textContent = problem
      place.hidden = !problem
      for (const input of inputsOf(field)) {
        if (problem) input.setAttribute("aria-invalid", "true")
        else input.removeAttribute("aria-invalid")
      }
    }
  }

  const clean = text => text?.replace(/\s+/g, " ").trim() ?? ""
  // In the person's own words, in case the form is gone when this comes to it.
  function inWords(field) {
    const values = inputsOf(field).map(input =>
      /radio|checkbox/.test(input.type) ? input.checked && clean(input.labels[0]?.textContent)
        : clean(input.options ? input.selectedOptions[0]?.textContent : input.value))
    return [clean(field.querySelector("legend, label")?.textContent), values.filter(Boolean).join(" ")]
  }

  form.addEventListener("input", event => {
    const field = fieldOf(event.target)
    if (event.target.type === "file") return
    changes++
    askWhatIsAsked(form)
    if (field) changed.set(field.dataset.field, inWords(field))
    keepIt()
    clearTimeout(timer)
    if (how !== "conflict") timer = setTimeout(save, PAUSE)
  })
  form.addEventListener("focusout", ({ target }) => {
    const field = fieldOf(target)
    if (field && changed.has(field.dataset.field)) left.add(field.dataset.field)
    // When the focus has gone on.
    setTimeout(explain)
  })
  // Whatever leads on from here, a file that is sent too, goes when this has been saved.
  document.addEventListener("submit", async event => {
    const { target, submitter } = event
    if (passing || !OURS.test(target.action) || !(busy || saving || changes !== saved || !navigator.onLine)) return
    event.preventDefault()
    if (busy) return
    busy = true
    clearTimeout(timer)
    await save()
    busy = false
    const stays = how === "later" || how === "login"
    // Gone from here the page would not come back without a network.
    say("step", stays)
    if (stays) return
    passing = true
    target.requestSubmit(submitter)
    passing = false
  })
  addEventListener("pagehide", () => {
    if (changes !== saved && !saving && !/conflict|gone/.test(how)) post(live, fieldsOf(form))
  })

  const back = history.state
  if (back?.y !== undefined) {
    const there = (back.id && document.getElementById(back.id)) || form.elements.namedItem(back.name)
    there?.focus?.({ preventScroll: true })
    if (back.selectionStart != null) there?.setSelectionRange?.(back.selectionStart, back.selectionStart)
    scrollTo(0, back.y)
    history.replaceState(null, "")
  }
  askWhatIsAsked(form)
  return () => { if (changes !== saved && how !== "conflict") save() }
}

function sendIt() {
  form.addEventListener("submit", async event => {
    event.preventDefault()
    const entry = { id: `${mark} ${draft}/send`, at: Date.now(), address: `${base}${draft}/send`, body: fieldsOf(form) }
    if (form.dataset.keep !== "no") await keep(entry.id, entry, page.warn).catch(() => {})
    await navigator.locks.request(entry.id, () => waiting.send(entry, entry.address))
  })
}

// A page that is left takes what is under way with it: so this comes first.
function before(sent, work) {
  sent.addEventListener("submit", async event => {
    if (sent.dataset.ready) return
    event.preventDefault()
    for (const entry of await kept(mark).catch(() => [])) await work(entry)
    sent.dataset.ready = "true"
    sent.requestSubmit(event.submitter)
  })
}

if (device && mark) {
  const isFilled = form && !page.sends && !page.chooses
  if (isFilled) navigator.locks?.request(page.own, () => new Promise(() => {}))
  const save = isFilled ? fill() : () => {}
  if (page.sends) sendIt()
  if (page.chooses) {
    // What is chosen now settles what was in conflict, once it has come through: the draft has a newer revision then.
    before(form, entry => entry.conflict && keep(entry.id, { ...entry, settled: page.revision }, page.warn))
  } else {
    const go = () => { save(); waiting.soon() }
    addEventListener("online", go)
    document.addEventListener("visibilitychange", () => document.hidden || go())
    new BroadcastChannel("session").onmessage = go
    waiting.bring()
  }
  for (const each of document.forms) {
    // Thrown away on purpose.
    const thrown = each.action.endsWith("/discard") && whereIs(each.action).draft
    if (thrown) before(each, entry => whereIs(entry.address).draft === thrown && forget(entry.id))
  }
}
