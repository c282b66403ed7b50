// Builds what a browser receives into build/: one stylesheet, one script, icons, the service worker and
// the web app manifest. Every file but the last two carries its content's hash in its name, and
// build/manifest.json tells the server which name, type and compressed sizes it has.
import { createHash } from "node:crypto"
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { brotliCompressSync, constants, gzipSync } from "node:zlib"
import { Resvg } from "@resvg/resvg-js"
import { bundleAsync } from "lightningcss"

const here = dirname(fileURLToPath(import.meta.url))
// Built beside the old one and put in its place at the end: a server that is running never finds it half.
const finished = join(here, "build")
const out = join(here, "node_modules", ".build")
const designsystemet = dirname(fileURLToPath(import.meta.resolve("@digdir/designsystemet-css")))

// The parts of Designsystemet our pages use. Its search, suggestion and table parts weigh as much as all of
// these together: our search box is an input and a button, and a table folds into a list on a phone.
const DESIGNSYSTEMET = ["base", "heading", "link", "list", "card", "tag", "button", "label", "input", "field",
  "fieldset", "details", "error-summary", "avatar", "skip-link"]

const read = (...path) => readFileSync(join(here, ...path), "utf8")
const files = (folder, ending) => readdirSync(join(here, folder), { recursive: true })
  .filter(name => name.endsWith(ending)).sort().map(name => join(folder, name))
const published = {}

function publish(name, content, type, { hashed = true } = {}) {
  const bytes = Buffer.from(content)
  const [stem, ...endings] = name.split(".")
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 10)
  const file = hashed ? [stem, hash, ...endings].join(".") : name
  writeFileSync(join(out, file), bytes)
  if (!type.startsWith("image/png")) {
    const quality = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
    writeFileSync(join(out, `${file}.br`), brotliCompressSync(bytes, { params: quality }))
    writeFileSync(join(out, `${file}.gz`), gzipSync(bytes, { level: 9 }))
  }
  published[name] = { file, type, hashed }
  return `/static/${file}`
}

// The pages of a form, and those of messages, have a stylesheet of their own beside the common one.
const FORMS = /^components\/(?:form|message)-/
const templates = ["access", "components", "errors", "identity", "records", "shell"].flatMap(folder => files(folder, ".html"))
  .filter(name => !FORMS.test(name)).concat("home.html", "welcome.html").map(name => read(name)).join("\n")

function unusedClasses(css) {
  const named = new Set(css.match(/\.ds-[a-z][a-z_-]*/g).map(name => name.slice(1)))
  return [...named].filter(name => !new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(templates))
}

// Designsystemet styles every size, variant and state; what no template asks for stays out. Only what a selector
// demands is looked at: what it excludes with :not() may well be missing.
function neverMatches(part) {
  if (part.type === "pseudo-class") return ["disabled", "indeterminate", "read-only"].includes(part.kind) && !templates.includes(` ${part.kind}`)
  if (part.type !== "attribute" || !/^(data-|aria-|type$|role$|readonly$)/.test(part.name) || part.name === "data-color") return false
  const value = part.operation?.value
  return !(value ? templates.includes(`${part.name}="${value}"`) : templates.includes(`${part.name}=`))
}

// An icon is a mask in the stylesheet: it takes the colour of its text, costs no request and no bytes in pages.
function iconRules() {
  return files("icons", ".svg").map(name => {
    const svg = read(name).replace(/\s*\n\s*/g, "").replace(/"/g, "'").replace(/[#<>]/g, encodeURIComponent)
    return `.icon-${basename(name, ".svg")}{--icon:url("data:image/svg+xml,${svg}")}`
  }).join("\n")
}

async function stylesheet() {
  const sources = [
    "@layer reset, ds;",
    ...DESIGNSYSTEMET.map(name => `@import "${join(designsystemet, `${name}.css`)}" layer(ds);`),
    ...["theme", "base", "layout", "pages"].map(name => `@import "${join(here, "styles", `${name}.css`)}";`),
    ...files("components", ".css").filter(name => !FORMS.test(name)).map(name => `@import "${join(here, name)}";`),
    `@import "icons.css";`,
  ].join("\n")
  const virtual = { "app.css": sources, "icons.css": iconRules() }
  const raw = DESIGNSYSTEMET.map(name => readFileSync(join(designsystemet, `${name}.css`), "utf8")).join("\n")
  const { code } = await bundleAsync({
    filename: "app.css",
    minify: true,
    unusedSymbols: unusedClasses(raw),
    visitor: { Selector: selector => selector.some(neverMatches) ? [] : undefined },
    resolver: {
      read: path => virtual[path] ?? readFileSync(path, "utf8"),
      resolve: name => name,
    },
  })
  const css = code.toString()
  refuseUndefined(css)
  return css
}

const stylesOf = name => bundleAsync({ filename: join(here, "styles", `${name}.css`), minify: true })

// A theme variable that nobody defines makes a declaration silently void: the button without a colour.
function refuseUndefined(css) {
  const defined = new Set(css.match(/--[\w-]+(?=:)/g))
  const missing = new Set([...css.matchAll(/var\((--(?:ds-)?[a-z][\w-]*)\)/g)].map(match => match[1]).filter(name => !defined.has(name)))
  if (missing.size) throw new Error(`styles/theme.css lacks ${[...missing].join(", ")}`)
}

// Each module is one behaviour; a block keeps its names to itself, and one file costs one request. What only a page or
// two have use for is a file alone.
const ALONE = ["passkey.js", "push.js"]
const module = name => `{${read("enhance", name).replace(/^\/\/.*\n/gm, "").trim().replace(/\n\s*/g, "\n")}}`
const script = () => files("enhance", ".js").map(name => basename(name)).filter(name => !/^(?:form|message)\b/.test(name) && !ALONE.includes(name)).map(module).join("\n")
// A form's modules import each other; joined in the order they stand on one another, they are one file for form pages.
const FORM = ["form-asked.js", "form-kept.js", "form-post.js", "form-said.js", "form-slider.js", "form-waiting.js", "form.js"]
// They keep what is not sent on the device as a form does.
const MESSAGE = ["form-kept.js", "form-post.js", "message.js"]
const joined = names => `{${names.map(name => read("enhance", name)).join("\n").replace(/^import .*$|^\s*\/\/.*$|\/\*\*.*\*\/$|^export /gm, "").replace(/\n\s*/g, "\n").trim()}}`

const png = (svg, width) => new Resvg(svg, { fitTo: { mode: "width", value: width } }).render().asPng()

rmSync(out, { recursive: true, force: true })
mkdirSync(out)
const css = publish("app.css", await stylesheet(), "text/css")
publish("forms.css", (await stylesOf("forms")).code, "text/css")
publish("message.css", (await stylesOf("message")).code, "text/css")
const js = publish("app.js", script(), "text/javascript")
for (const name of ALONE) publish(name, module(name), "text/javascript")
publish("form.js", joined(FORM), "text/javascript")
publish("message.js", joined(MESSAGE), "text/javascript")
const icon = publish("icon.svg", read("shell/icon.svg").replace(/\n\s*/g, ""), "image/svg+xml")
const full = read("shell/icon-full.svg")
publish("apple-touch-icon.png", png(full, 180), "image/png")
const icons = [192, 512].map(size => ({ src: publish(`icon-${size}.png`, png(read("shell/icon.svg"), size), "image/png"), sizes: `${size}x${size}`, type: "image/png", purpose: "any" }))
icons.push({ src: publish("icon-maskable.png", png(full, 512), "image/png"), sizes: "512x512", type: "image/png", purpose: "maskable" })
const manifest = { ...JSON.parse(read("shell/manifest.webmanifest")), icons }
publish("manifest.webmanifest", JSON.stringify(manifest), "application/manifest+json", { hashed: false })
const shell = [css, js, icon]
const worker = read("shell/service-worker.js").replace(/^\s*\/\/.*\n/gm, "")
  .replace("SHELL_ICON", JSON.stringify(icons[0].src))
  .replace("SHELL_FILES", JSON.stringify(shell))
  .replace("SHELL_VERSION", JSON.stringify(createHash("sha256").update(shell.join()).digest("hex").slice(0, 10)))
publish("sw.js", worker, "text/javascript", { hashed: false })
publish("sw-off.js", read("shell/service-worker-off.js"), "text/javascript", { hashed: false })
writeFileSync(join(out, "manifest.json"), JSON.stringify(published, null, 1))
rmSync(finished, { recursive: true, force: true })
renameSync(out, finished)
for (const [name, { file }] of Object.entries(published)) {
  const size = ending => { try { return readFileSync(join(finished, file + ending)).length } catch { return "-" } }
  console.log(`${name.padEnd(24)} ${String(size("")).padStart(7)} B  br ${String(size(".br")).padStart(6)}  gzip ${String(size(".gz")).padStart(6)}`)
}
