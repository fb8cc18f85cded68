// A real OpenID Connect provider on this machine: node provider.mjs PORT REDIRECT. It asks who it is, and believes it.
import { Provider } from "oidc-provider";

const [port, redirect] = process.argv.slice(2);
const oidcSweden = "https://id.oidc.se/claim", freja = "https://frejaeid.com/oidc/claims";
const loa = (level) => `http://id.elegnamnden.se/loa/1.0/loa${level}`;
const number = "197703012381"; // of Skatteverket's for tests
const people = {
  sara: { name: "Sara Exempel", employee: "e-1701", groups: ["personal", "samband-barn"], organisation: "Tallköping" },
  stranger: { name: "Stig Exempel", employee: "e-9", groups: ["personal"], organisation: "Tallköping" },
  connect: {
    acr: loa(3), sub: number, [`${oidcSweden}/orgAffiliation`]: "e-1701@2120001439",
    [`${oidcSweden}/personalIdentityNumber`]: number,
    userinfo: { name: "Sara Exempel", [`${oidcSweden}/orgName`]: "Tallköpings kommun", acr: loa(4) },
  },
  low: { acr: loa(2), [`${oidcSweden}/orgAffiliation`]: "e-1701@2120001439", userinfo: { name: "Sara Exempel" } },
  silent: { [`${oidcSweden}/orgAffiliation`]: "e-1701@2120001439", userinfo: { name: "Sara Exempel", acr: loa(3) } },
  siths: {
    acr: "http://id.sambi.se/loa/loa3", given_name: "Sara", family_name: "Exempel",
    employeeHsaId: "SE2120001439-1701", organizationIdentifier: "2120001439",
    credentialPersonalIdentityNumber: number,
  },
  freja: {
    userinfo: {
      name: "Sara Exempel", [`${freja}/registrationLevel`]: "PLUS", [`${freja}/personalIdentityNumber`]: number,
      [`${freja}/organisationIdIdentifier`]: "e-1701",
    },
  },
};
const told = (id, use) => {
  const { userinfo = {}, acr, ...claims } = people[id];
  return { sub: id, ...claims, ...(use === "userinfo" ? userinfo : {}) };
};
const names = [...new Set(Object.keys(people).flatMap((id) => Object.keys(told(id, "userinfo"))))];
const provider = new Provider(`http://127.0.0.1:${port}`, {
  acrValues: [loa(2), loa(3), loa(4), "http://id.sambi.se/loa/loa3"],
  clients: [{ client_id: "samband", client_secret: "a secret of this test", redirect_uris: [redirect] }],
  claims: { openid: ["sub", "acr"], profile: names.filter((name) => name !== "sub") },
  conformIdTokenClaims: false,
  features: { devInteractions: { enabled: true } },
  findAccount: (_, id) => people[id] && { accountId: id, claims: async (use) => told(id, use) },
  pkce: { required: () => true },
});
Object.defineProperty(provider.OIDCContext.prototype, "acr", {
  get() { return people[this.account?.accountId]?.acr; },
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
