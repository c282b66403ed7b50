// A real Firefox, and a push service on loopback that does what a browser's own does: it takes a message only from who
// signs for it, and hands it to the browser over a line that the browser opened. Driven by test_push.py: what is to be
// done comes as arguments, what has happened goes out as lines of JSON.
import { createPublicKey, randomUUID, verify } from "node:crypto"
import { createServer } from "node:http"
import puppeteer from "puppeteer-core"
import { WebSocketServer } from "ws"

const [port, firefox, login, devices] = process.argv.slice(2)
const origin = `http://127.0.0.1:${port}`
const say = event => console.log(JSON.stringify(event))
const bytes = text => Buffer.from(text, "base64url")

const channels = new Map()
let line

function onLine(socket) {
  line = socket
  socket.on("message", raw => {
    const said = JSON.parse(raw)
    const answer = more => socket.send(JSON.stringify({ ...more, messageType: said.messageType, status: 200 }))
    if (said.messageType === "hello") answer({ uaid: said.uaid || randomUUID().replaceAll("-", ""), use_webpush: true, broadcasts: {} })
    if (said.messageType === "register") {
      const path = `/push/${randomUUID()}`
      channels.set(path, said.channelID)
      answer({ channelID: said.channelID, pushEndpoint: origin + path })
    }
    if (said.messageType === "unregister") answer({ channelID: said.channelID })
    if (said.messageType === "ack") say({ acknowledged: said.updates.map(each => each.code) })
  })
}

// RFC 8292: the token is signed by the key beside it, and says for which service and until when.
function whoSigned(header) {
  const [, token, key] = /^vapid t=([^,]+), k=(.+)$/.exec(header)
  const point = bytes(key)
  const jwk = { kty: "EC", crv: "P-256", x: point.subarray(1, 33).toString("base64url"), y: point.subarray(33).toString("base64url") }
  const [head, claims, signature] = token.split(".")
  const key_ = { key: createPublicKey({ key: jwk, format: "jwk" }), dsaEncoding: "ieee-p1363" }
  const holds = verify("sha256", Buffer.from(`${head}.${claims}`), key_, bytes(signature))
  const { aud, exp } = JSON.parse(bytes(claims))
  return holds && aud === origin && exp * 1000 > Date.now() && exp * 1000 < Date.now() + 86_400_000 ? key : ""
}

const service = createServer(async (request, response) => {
  const body = Buffer.concat(await collected(request))
  const key = whoSigned(request.headers.authorization)
  const { ttl, topic, urgency } = request.headers
  const encoding = request.headers["content-encoding"]
  const channelID = channels.get(request.url)
  response.writeHead(!channelID ? 410 : key ? 201 : 401).end()
  say({ posted: { key, ttl, topic, urgency, encoding, length: body.length } })
  if (key && channelID) {
    line.send(JSON.stringify({ messageType: "notification", channelID, version: randomUUID(), data: body.toString("base64url"), headers: { encoding } }))
  }
})
const collected = async request => { const parts = []; for await (const part of request) parts.push(part); return parts }
new WebSocketServer({ server: service }).on("connection", onLine)
await new Promise(done => service.listen(Number(port), "127.0.0.1", done))

const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath: firefox,
  headless: true,
  extraPrefsFirefox: {
    "dom.push.serverURL": `ws://127.0.0.1:${port}/`,
    "dom.push.testing.allowInsecureServerURL": true,
    "dom.push.connection.enabled": true,
    "permissions.default.desktop-notification": 1,
    "alerts.useSystemBackend": false,
  },
})
try {
  const page = await browser.newPage()
  await page.goto(login)
  // Twice: whoever asks once more keeps the address that they have, so that nothing is lost where the form is.
  for (const time of ["first", "again"]) {
    await page.goto(devices)
    const pressed = await page.waitForSelector("form[data-push]:not([hidden]) button", { timeout: 20_000 })
    await pressed.evaluate(element => element.click())
    await page.waitForFunction(() => location.search === "?done=on", { timeout: 30_000 })
    say({ [time]: channels.size })
  }
  say({ subscribed: channels.size })
  // Until the test says that it is over: it ends our input.
  const shown = () => page.evaluate(async () => (await (await navigator.serviceWorker.ready).getNotifications())
    .map(({ title, body, tag, data, lang }) => ({ title, body, tag, data, lang })))
  for (let tries = 0; tries < 300; tries++) {
    const found = await shown()
    if (found.length) {
      say({ shown: found })
      break
    }
    await new Promise(done => setTimeout(done, 200))
  }
} finally {
  await browser.close()
  service.closeAllConnections()
  service.close()
  line?.terminate()
}
