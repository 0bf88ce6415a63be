// A real OpenID Connect provider for the tests: node oidc.mjs PORT REDIRECT PEOPLE
// PEOPLE is a JSON file, read at each sign-in: {name: {email, email_verified, groups, given_name, family_name}}.
import { readFileSync } from "node:fs";
import { Provider } from "oidc-provider";

const [port, redirect, people] = process.argv.slice(2);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{
    client_id: "cupola", client_secret: "told to both sides by the test", redirect_uris: [redirect],
    grant_types: ["authorization_code"], response_types: ["code"],
  }],
  claims: {
    openid: ["sub"],
    email: ["email", "email_verified"],
    profile: ["preferred_username", "given_name", "family_name", "groups"],
  },
  cookies: { keys: ["of this test only"] },
  pkce: { required: () => true },
  findAccount: (context, name) => {
    const known = JSON.parse(readFileSync(people, "utf8"))[name];
    return known && { accountId: name, claims: () => ({ sub: name, preferred_username: name, ...known }) };
  },
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
