// An OpenID provider that none of us has written, set as ID-porten is: PAR, PKCE, private_key_jwt, back-channel logout.
// Its one argument is JSON: the client's key set and addresses. The first line it says is its issuer.
import { createHash, generateKeyPairSync } from "node:crypto"
import { createServer } from "node:http"

const { Provider } = await import(
  new URL("../../../e2e/node_modules/oidc-provider/lib/index.js", import.meta.url)
)
const asked = JSON.parse(process.argv[2])
const LEVEL = "idporten-loa-high"

function signingKey() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 })
  return { ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256", kid: "peer" }
}

const configuration = {
  clients: [{
    client_id: "innsyn",
    token_endpoint_auth_method: "private_key_jwt",
    token_endpoint_auth_signing_alg: "RS256",
    id_token_signed_response_alg: "RS256",
    jwks: asked.keys,
    redirect_uris: [asked.callback],
    post_logout_redirect_uris: [asked.loggedOut],
    backchannel_logout_uri: asked.backChannel,
    backchannel_logout_session_required: true,
    require_auth_time: true,
    subject_type: "pairwise",
    response_types: ["code"],
    grant_types: ["authorization_code"],
  }],
  jwks: { keys: [signingKey()] },
  acrValues: [LEVEL],
  claims: { acr: null, auth_time: null, iss: null, sid: null, openid: ["sub", "pid", "locale"] },
  conformIdTokenClaims: false,
  cookies: { keys: ["of one test run"] },
  subjectTypes: ["pairwise"],
  pairwiseIdentifier: (_, pid) => `peer-${createHash("sha256").update(pid).digest("hex")}`,
  pkce: { required: () => true },
  ttl: { AccessToken: 120, AuthorizationCode: 60, Grant: 7200, IdToken: 120, Interaction: 600, Session: 7200 },
  features: {
    devInteractions: { enabled: false },
    pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: true },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: { enabled: true, logoutSource: (ctx, form) => { ctx.body = form } },
  },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, pid) => ({ accountId: pid, claims: () => ({ sub: pid, pid, locale: "nb" }) }),
  // Nobody is asked to consent: ID-porten does not.
  async loadExistingGrant(ctx) {
    const { client, session, provider } = ctx.oidc
    const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId })
    grant.addOIDCScope("openid")
    await grant.save()
    return grant
  },
  // By itself it tells nobody on its own machine.
  fetch: (url, { dispatcher, ...options }) => fetch(url, options),
  renderError: (ctx, out) => { ctx.body = out },
}

const server = createServer()
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`
  const provider = new Provider(issuer, configuration)
  provider.on("backchannel.error", (_, error) => console.error(error))
  const answer = provider.callback()
  server.on("request", async (request, response) => {
    if (!request.url.startsWith("/interaction/")) return answer(request, response)
    // The login page: whoever the hint names is logged in, at the level that was asked for.
    const { params } = await provider.interactionDetails(request, response)
    const login = { accountId: params.login_hint, acr: LEVEL, amr: ["BankID"] }
    await provider.interactionFinished(request, response, { login })
  })
  console.log(issuer)
})
