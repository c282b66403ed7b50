// form-kept.js
// What is not with us yet lies on the device, in IndexedDB: under a key of the person's own that cannot be taken out of
// the browser, and bound to the form and the person it was written for. Whoever else logs in here cannot have it shown.
const DATABASE = "forms"
let opened, seen

const open = () => opened ??= new Promise((done, failed) => {
  const asked = indexedDB.open(DATABASE, 1)
  asked.onupgradeneeded = () => { for (const name of ["keys", "kept"]) asked.result.createObjectStore(name) }
  asked.onsuccess = () => {
    // Logging out empties the browser: it must not wait for this page.
    asked.result.onversionchange = asked.result.onclose = () => { asked.result.close(); opened = undefined }
    done(asked.result)
  }
  asked.onerror = () => { opened = undefined; failed(asked.error) }
})

// Done when it is written, and not before.
async function within(store, mode, work) {
  const transaction = (await open()).transaction(store, mode)
  return new Promise((done, failed) => {
    const request = work(transaction.objectStore(store))
    transaction.oncomplete = () => done(request.result)
    transaction.onabort = () => failed(transaction.error)
  })
}

// All of one person's: a mark is letters, digits, - and _, which stand after a space and "!".
const of = mark => IDBKeyRange.bound(`${mark} `, `${mark}!`)
const bytes = text => new TextEncoder().encode(text)

// The key that is there first counts: two tabs may come at the same time. With it lie the words that a logout warns with.
async function keyOf(mark, warn) {
  const found = await within("keys", "readonly", keys => keys.get(mark))
  if (found) return (seen = found).key
  if (seen) throw new Error("the person has logged out")
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"])
  await within("keys", "readwrite", keys => keys.add({ key, warn }, mark)).catch(() => {})
  return (await within("keys", "readonly", keys => keys.get(mark))).key
}

/** Keep `what` (plain data) under `id`, which begins with the person's mark and a space. */
export async function keep(id, what, warn) {
  const key = await keyOf(id.split(" ")[0], warn)
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const how = { name: "AES-GCM", iv, additionalData: bytes(id) }
  const box = await crypto.subtle.encrypt(how, key, bytes(JSON.stringify(what)))
  await within("kept", "readwrite", kept => kept.put({ iv, box }, id))
}

export const forget = id => within("kept", "readwrite", kept => kept.delete(id))

/** Everything that is kept for this person, oldest first: [{ id, … }]. What cannot be opened any more is thrown away. */
export async function kept(mark) {
  const ids = await within("kept", "readonly", kept => kept.getAllKeys(of(mark)))
  const found = []
  for (const id of ids) {
    const held = await within("kept", "readonly", kept => kept.get(id))
    try {
      const how = { name: "AES-GCM", iv: held.iv, additionalData: bytes(id) }
      const opened = await crypto.subtle.decrypt(how, await keyOf(mark), held.box)
      found.push({ ...JSON.parse(new TextDecoder().decode(opened)), id })
    } catch {
      if (held) await forget(id)
    }
  }
  return found.sort((one, other) => one.at - other.at)
}
