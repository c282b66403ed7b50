// form-asked.js — <div data-field="13" data-when='[{"q":"12","op":"=","v":["true"]}]' data-any>
// Which fields are asked, worked out here at once and without a network. The server's word comes after and counts.
const COMPARES = {
  "=": (one, other) => one === other,
  ">": (one, other) => one > other,
  "<": (one, other) => one < other,
  ">=": (one, other) => one >= other,
  "<=": (one, other) => one <= other,
}
const wrapper = name => document.querySelector(`[data-field="${name}"]`)

const held = input => /radio|checkbox/.test(input.type) ? input.checked && input.value : input.value.trim()

/** The values of a field as a page holds them; none while it is not asked itself. */
function answers(form, name) {
  if (wrapper(name)?.closest("[hidden]")) return []
  // By name: as an index, "12" is the thirteenth.
  const one = part => form.elements.namedItem(part)?.value?.trim() ?? ""
  if (form.elements.namedItem(`${name}-y`)) {
    const date = ["y", "m", "d"].map(part => one(`${name}-${part}`).padStart(2, "0")).filter(part => part !== "00")
    return one(`${name}-y`) ? [date.join("-") + (one(`${name}-t`) && `T${one(`${name}-t`)}`)] : []
  }
  const inputs = form.elements.namedItem(name)
  if (!inputs) return [document.querySelector(`output[name="${name}"]`)?.value].filter(Boolean)
  return (inputs.length === undefined || inputs.options ? [inputs] : [...inputs]).map(held).filter(Boolean)
}

const number = text => {
  const read = String(text).replace(/\s/g, "").replace("−", "-").replace(",", ".")
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(read) ? +read : text
}

// 1.000 may be a thousand: it is no number until the server has asked what is meant.
const typed = text => /^[+−-]?\s*[1-9]\d{0,2}\.\d{3}$/.test(text) ? NaN : number(text)

function holds(form, { q, op, v }) {
  const given = answers(form, q)
  if (op === "exists") return String(given.length > 0) === String(v[0])
  // "Not this" holds where nothing has been answered, too: as the server has it.
  const meets = given.some(one => v.some(other => COMPARES[op === "!=" ? "=" : op]?.(typed(one), number(other))))
  return meets !== (op === "!=")
}

/** Show and hide what hangs on the answers of this page; what hangs on something hidden hides with it. */
export function askWhatIsAsked(form) {
  const asked = [...form.querySelectorAll("[data-when]")].map(field => [field, JSON.parse(field.dataset.when)])
  for (let round = 0, changed = true; changed && round < 10; round++) {
    changed = false
    for (const [field, conditions] of asked) {
      const hidden = !conditions["any" in field.dataset ? "some" : "every"](each => holds(form, each))
      if (hidden === field.hidden) continue
      changed = true
      field.hidden = hidden
      // What stands below with no condition of its own was hidden with it. Where only the server can tell, it tells.
      if (!hidden) for (const each of field.querySelectorAll("[data-field][hidden]:not([data-when], [data-told])")) {
        each.hidden = each.parentElement.closest("[data-when], [data-told]") !== field
      }
    }
  }
}
