// passkey.js — <form data-passkey="get|create" data-options="{…}" hidden>
// Asks the device for a passkey and sends what it answers as a field of the form. Where there is no script, or no
// passkey to be had, the page says what to do instead: [data-no-passkey]. [data-stopped] is shown when it came to nothing.
const form = document.querySelector("[data-passkey]")
const bytes = text => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), letter => letter.charCodeAt())
const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "")
const named = list => list?.map(one => ({ ...one, id: bytes(one.id) }))

async function answer() {
  const { challenge, user, excludeCredentials, ...rest } = JSON.parse(form.dataset.options)
  const publicKey = { ...rest, challenge: bytes(challenge) }
  if (user) Object.assign(publicKey, { user: { ...user, id: bytes(user.id) }, excludeCredentials: named(excludeCredentials) })
  const { rawId, response } = await navigator.credentials[form.dataset.passkey]({ publicKey })
  const common = { id: text(rawId), client: text(response.clientDataJSON) }
  if (user) return { ...common, attestation: text(response.attestationObject) }
  return {
    ...common,
    authenticator: text(response.authenticatorData),
    signature: text(response.signature),
    user: text(response.userHandle ?? new ArrayBuffer(0)),
  }
}

if (form && window.PublicKeyCredential) {
  form.hidden = false
  document.querySelector("[data-no-passkey]").hidden = true
  form.addEventListener("submit", async event => {
    event.preventDefault()
    const stopped = document.querySelector("[data-stopped]")
    stopped.hidden = true
    try {
      form.elements.credential.value = JSON.stringify(await answer())
      form.submit()
    } catch {
      stopped.hidden = false
      stopped.focus()
    }
  })
}
