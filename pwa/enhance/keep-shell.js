// keep-shell.js: lets the service worker keep the shell (styles, script, offline page), nothing of the record.
if ("serviceWorker" in navigator) {
  const policy = window.trustedTypes?.createPolicy("sw", { createScriptURL: url => {
    if (url !== "/sw.js") throw new TypeError("only our own service worker")
    return url
  } })
  addEventListener("load", () => navigator.serviceWorker.register(policy ? policy.createScriptURL("/sw.js") : "/sw.js").catch(() => {}))
}
