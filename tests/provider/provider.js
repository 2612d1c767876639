// SPDX-License-Identifier: MIT
// Identity providers for the scenarios: real ones (oidc-provider), a port each, in one process. Argument: a file of JSON,
//   {"providers": [{"host", "port", "client": {"client_id", "client_secret", "redirect_uris", "post_logout_redirect_uris"}, "acr": [...]}],
//    "people": {"jo": {"acr": "...", "claims": {...}}}}
// Somebody signs in by naming themselves: POST login=jo to the page that the provider sends the browser to.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const settings = JSON.parse(readFileSync(process.argv[2], 'utf8'));

const claims = {
  openid: ['sub', 'tid', 'oid', 'acrs', 'organisation', 'nhsid_useruid'],
  profile: ['name', 'preferred_username'],
  email: ['email'],
  nhsperson: [],
  nationalrbacaccess: ['nhsid_nrbac_roles'],
  associatedorgs: ['nhsid_user_orgs'],
  selectedrole: ['selected_roleid'],
};

async function findAccount(_, id) {
  return { accountId: id, claims: () => ({ sub: id, ...settings.people[id].claims }) };
}

// Nobody is asked whether the client may know them: it is the employer's.
async function loadExistingGrant(ctx) {
  const grant = new ctx.oidc.provider.Grant({ accountId: ctx.oidc.session.accountId, clientId: ctx.oidc.client.clientId });
  grant.addOIDCScope(Object.keys(claims).join(' '));
  await grant.save();
  return grant;
}

async function bodyOf(request) {
  let text = '';
  for await (const part of request) text += part;
  return new URLSearchParams(text);
}

function open({ host, port, client, acr }) {
  const provider = new Provider(`http://${host}:${port}`, {
    clients: [client],
    claims,
    scopes: Object.keys(claims),
    acrValues: acr,
    conformIdTokenClaims: false,
    findAccount,
    loadExistingGrant,
    cookies: { keys: ['only a test'] },
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true, logoutSource } },
    interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
    pkce: { required: () => true },
  });
  const callback = provider.callback();
  createServer(async (request, response) => {
    if (!request.url.startsWith('/interaction/')) {
      callback(request, response);
    } else if (request.method === 'GET') {
      response.setHeader('Content-Type', 'text/html');
      response.end('<!doctype html><title>Sign in</title><form method="post"><label>Who are you? <input name="login"></label></form>');
    } else {
      const login = (await bodyOf(request)).get('login');
      await provider.interactionFinished(request, response, { login: { accountId: login, acr: settings.people[login].acr } });
    }
  }).listen(port, '127.0.0.1');
}

function logoutSource(ctx, form) {
  ctx.body = `<!doctype html><title>Sign out</title>${form.replace('</form>', '<button name="logout" value="yes">Sign out</button></form>')}`;
}

settings.providers.forEach(open);
