// A real SAML 2.0 identity provider for the tests: node saml.cjs PORT ASSERTION_CONSUMER KEY CERTIFICATE PEOPLE
// A page asks who one is; samlp reads the request and answers with a signed assertion. PEOPLE as for oidc.mjs.
const http = require("node:http");
const { readFileSync } = require("node:fs");
const { parse } = require("node:querystring");
const samlp = require("samlp");

const [port, consumer, key, certificate, people] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}/metadata`;

function Mapper(person) {
  return {
    getClaims: () => ({ email: person.email, first_name: person.given_name, last_name: person.family_name, groups: person.groups }),
    getNameIdentifier: () => ({
      nameIdentifier: person.id, nameIdentifierFormat: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
    }),
  };
}

const signOn = samlp.auth({
  issuer, key: readFileSync(key), cert: readFileSync(certificate), profileMapper: Mapper, destination: consumer, recipient: consumer,
  getPostURL: (audience, request, req, done) => done(null, consumer),
});

http.createServer((req, res) => {
  const address = new URL(req.url, issuer);
  res.set = (name, value) => res.setHeader(name, value);
  res.send = (body) => (typeof body === "number" ? res.writeHead(body).end() : res.end(body));
  const fail = (error) => { console.error(error); res.writeHead(400).end(String(error)); };
  if (req.method === "GET") {
    res.setHeader("Content-Type", "text/html");
    res.end(`<title>City directory</title><form method="post"><input name="name" aria-label="Name"><button>Sign in</button></form>`);
    return;
  }
  let sent = "";
  req.on("data", (part) => { sent += part; });
  req.on("end", () => {
    const name = parse(sent).name;
    const known = JSON.parse(readFileSync(people, "utf8"))[name];
    req.query = Object.fromEntries(address.searchParams);
    req.body = {};
    req.method = "GET"; // the request of Cupola came in the address; the form only said who it is
    req.user = known && { id: name, ...known };
    signOn(req, res, fail);
  });
}).listen(Number(port), "127.0.0.1", () => console.log("ready"));
