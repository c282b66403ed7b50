// form-said.js — <div id="device"><p data-device="kept" hidden>…</p>
// What the page says of answers that are not with us yet. The words stand in the page, and are only shown here.
const STATES = ["saved", "kept", "memory", "login", "conflict"]
const part = name => document.querySelector(`#device [data-device=${name}]`)

export function say(name, on = true) {
  const said = part(name)
  if (said && said.hidden === on) said.hidden = !on
  return said
}

/** Where what is typed on this page is: one of STATES. */
export function sayState(state, when) {
  // The page said when it was saved as it was then.
  const before = document.querySelector(".form-saved")?.firstChild
  if (state === "saved" && before?.nodeType === Node.TEXT_NODE) before.remove()
  const told = state === "saved" && part(state)?.querySelector("span")
  if (told && told.textContent !== when) told.textContent = when
  for (const each of STATES) say(each, each === state)
}

/** Show `name`, and do `then` when its button is pressed. */
export function offer(name, then) {
  const button = say(name)?.querySelector("button")
  if (button) button.onclick = () => {
    say(name, false)
    then()
  }
}

/** Show an answer's way to its receipt. */
export function sayReceipt(number, address) {
  const link = say("sent")?.querySelector("a")
  if (link) Object.assign(link, { textContent: number, href: address })
}

/** Show what found no place, in the words that it had on its page: [[question, answer], …]. */
export function sayLost(words) {
  const list = part("lost")?.querySelector("dl")
  for (const row of words) row.forEach((text, at) => {
    const line = document.createElement(at ? "dd" : "dt")
    line.textContent = text
    list?.append(line)
  })
}
