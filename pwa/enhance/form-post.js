// form-post.js
// What became of something that was sent, in one word. A page that is left does not take what is on its way with it.
const LONGEST_WAIT = 15e3
// Browsers let this much outlive its page.
const OUTLIVES = 6e4
// Until it is tried again when nobody heard it: milliseconds, the first time and at most.
export const SOON = 3e3
export const LATE = 6e4

/** { how, answer }: ok | conflict | login | other | gone | refused | later (nobody heard it, as far as we know). */
export async function post(address, body) {
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body,
      keepalive: body.length < OUTLIVES,
      signal: AbortSignal.timeout(LONGEST_WAIT),
    })
    return { how: outcome(answer), answer }
  } catch {
    return { how: "later" }
  }
}

function outcome({ ok, status, headers }) {
  if (ok) return "ok"
  if (status === 401) return "login"
  if (status === 404 || status === 410) return "gone"
  // Without JSON it is said to somebody else, who has logged in since.
  if (status === 409) return /json/.test(headers.get("content-type")) ? "conflict" : "other"
  return status >= 500 || status === 429 || status === 408 ? "later" : "refused"
}

/** Do `work` once at a time, and once more when it was wanted meanwhile: the newest wins. Gives when all is done. */
export function oneAtATime(work) {
  let now, again
  const run = async () => {
    try {
      do {
        again = false
        await work()
      } while (again)
    } finally {
      now = undefined
    }
  }
  return () => {
    again = true
    return now ??= run()
  }
}

/** A form as it would be sent, without files: those have a way of their own. */
export const fieldsOf = form => String(new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string")))

/** The same without what is new on each page. */
export function answersIn(body) {
  const fields = new URLSearchParams(body)
  for (const name of ["revision", "key", "m", "step", "do"]) fields.delete(name)
  return String(fields)
}
