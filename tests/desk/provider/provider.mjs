// A real OpenID Connect provider on this machine: node provider.mjs PORT REDIRECT. It asks who it is, and believes it.
import { Provider } from "oidc-provider";

const [port, redirect] = process.argv.slice(2);
const people = {
  sara: { name: "Sara Exempel", employee: "e-1701", groups: ["personal", "samband-barn"], organisation: "Tallköping" },
  stranger: { name: "Stig Exempel", employee: "e-9", groups: ["personal"], organisation: "Tallköping" },
};
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: "samband", client_secret: "a secret of this test", redirect_uris: [redirect] }],
  claims: { openid: ["sub"], profile: ["name", "employee", "groups", "organisation"] },
  conformIdTokenClaims: false,
  features: { devInteractions: { enabled: true } },
  findAccount: (_, id) => people[id] && { accountId: id, claims: async () => ({ sub: id, ...people[id] }) },
  pkce: { required: () => true },
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
